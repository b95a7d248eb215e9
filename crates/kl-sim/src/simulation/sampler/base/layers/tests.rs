use super::super::batch::fill_longs;
use super::super::exponential::Exponential;
use super::super::log_gamma::LogGamma;
use super::super::log_odds::LogOdds;
use super::super::normal::HalfNormal;
use super::super::testing::{assert_follows, stream};
use super::*;

impl<D: Density, const K: usize> Layers<D, K> {
    /// The least number that a place of a density above 0 stands for.
    pub(in crate::simulation::sampler::base) fn least_place(&self) -> f64 {
        self.steps[..self.owned()].iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn owned(&self) -> usize {
        (self.limit >> (u64::BITS - Self::LAYER_BITS)) as usize
    }

    fn bounds(&self, layer: usize) -> [f64; 2] {
        let width = self.steps[layer] * (1u64 << PLACE_BITS) as f64;
        [self.starts[layer], self.starts[layer] + width]
    }

    /// Rising numbers, the bounds of all layers among them, from where e^−60 of the height at the top is left; and the
    /// chance of at most each, by Simpson's rule from the density alone.
    fn chances(&self) -> (Vec<f64>, Vec<f64>) {
        const PARTS: u32 = 128;
        let mut edges: Vec<f64> = (0..self.owned()).flat_map(|layer| self.bounds(layer)).collect();
        let far = (1..=120).map(|half| -0.5 * f64::from(half));
        edges.extend(far.clone().map(|height| reach(&self.density, 1.0, height, self.density.area())));
        if D::SIDES == Sides::Both {
            edges.extend(far.map(|height| reach(&self.density, -1.0, height, self.density.area())));
        }
        // A bend of a wide density.
        let low = if D::SIDES == Sides::Both { -80 } else { 0 };
        edges.extend((low..=80).map(|half| 0.5 * f64::from(half)).filter(|&x| self.density.log(x) > -60.0));
        edges.extend(self.rest.tails().iter().map(|tail| tail.edge().0));
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        let height = |x: f64| libm::exp(self.density.log(x)) / self.density.area();
        let mut sum = 0.0;
        let chances = std::iter::once(0.0).chain(edges.windows(2).map(|ends| {
            let step = (ends[1] - ends[0]) / f64::from(2 * PARTS);
            let at = |half: u32| height(ends[0] + f64::from(half) * step);
            let middles: f64 = (0..PARTS).map(|part| at(2 * part + 1)).sum();
            let ends: f64 = (0..PARTS).map(|part| at(2 * part) + at(2 * part + 2)).sum();
            sum += step / 3.0 * (4.0 * middles + ends);
            sum
        }));
        let chances = chances.collect();
        (edges, chances)
    }

    /// The chance of at most x by the layers.
    fn layers_below(&self, x: f64) -> f64 {
        let share = |layer| {
            let [low, high] = self.bounds(layer);
            ((x - low) / (high - low)).clamp(0.0, 1.0)
        };
        (0..self.owned()).map(share).sum::<f64>() / K as f64
    }

    /// Everything that makes the law of the draws that of the density; `draws` of the rest alone, and of a tail alone.
    fn assert_exact(&self, draws: u32, what: &str) {
        let rest_share = 1.0 - self.owned() as f64 / K as f64;
        // Rest is as rare as it can be.
        assert!(rest_share <= 4.0 / K as f64, "{what}: {rest_share}");
        // The area is that of the density.
        let (edges, chances) = self.chances();
        assert!((chances.last().unwrap() - 1.0).abs() < 1e-12, "{what}: {:e}", chances.last().unwrap() - 1.0);
        // Each layer lies under the density, and hardly could be wider.
        let mut height = self.rest.cap_floor();
        for layer in 0..self.owned() {
            let [low, high] = self.bounds(layer);
            for edge in if D::SIDES == Sides::Both { vec![low, high] } else { vec![high] } {
                let found = libm::exp(self.density.log(edge));
                let gap = found / height - 1.0;
                // A bound far from the other is rounded on the way here.
                assert!((-1e-11..1e-9).contains(&gap), "{what}, layer {layer} at {edge}: {found} {height}");
            }
            height -= self.density.area() / K as f64 / (high - low);
        }
        // The rest has the law of what the layers leave over.
        let mut stream = stream();
        let left: Vec<f64> = edges
            .iter()
            .zip(&chances)
            .map(|(&edge, chance)| ((chance - self.layers_below(edge)) / rest_share).clamp(0.0, 1.0))
            .collect();
        let rest = (0..draws).map(|_| self.rest.draw(&self.density, &mut stream));
        assert_follows(rest, &edges, &left, &format!("{what}, the rest"));
        // So have the tails, as far as e^−60.
        for (place, tail) in self.rest.tails().iter().enumerate() {
            let (edge, side) = tail.edge();
            let within = |x: f64| (x - edge) * side >= 0.0;
            let far =
                |place: usize| if side > 0.0 { chances[chances.len() - 1] - chances[place] } else { chances[place] };
            let mut beyond: Vec<(f64, f64)> = (0..edges.len())
                .filter(|&place| within(edges[place]))
                .map(|place| (side * edges[place], far(place)))
                .collect();
            beyond.sort_by(|a, b| a.0.total_cmp(&b.0));
            let all = beyond[0].1;
            let (points, chances): (Vec<f64>, Vec<f64>) =
                beyond.iter().map(|&(x, chance)| (x, 1.0 - chance / all)).unzip();
            let draws = (0..draws).filter_map(|_| tail.draw(&self.density, &mut stream)).map(|x| side * x);
            assert_follows(draws, &points, &chances, &format!("{what}, tail {place}"));
        }
    }
}

#[test]
fn layers_and_rest_make_the_density() {
    Layers::<_, 1024>::new(Exponential).assert_exact(1_000_000, "exponential");
    Layers::<_, 1024>::new(HalfNormal).assert_exact(1_000_000, "normal");
    Layers::<_, 16>::new(HalfNormal).assert_exact(1_000_000, "few layers");
    for shape in [1e-3, 0.1, 0.9, 1.0, 2.5, 63.9, 64.0, 1e6, 1e14] {
        Layers::<_, 256>::new(LogGamma { shape }).assert_exact(300_000, &format!("gamma {shape}"));
    }
    for (a, b) in [(1e-3, 1e-3), (0.05, 0.06), (0.1, 100.0), (2.0, 3.0), (1e4, 1e-2), (1e12, 1e12), (1e6, 1.0)] {
        Layers::<_, 256>::new(LogOdds::new(a, b)).assert_exact(300_000, &format!("beta {a} {b}"));
    }
}

/// What is drawn at once is what would be drawn one by one.
#[test]
fn a_batch_is_its_numbers_one_by_one() {
    fn check<D: Density>(layers: &Layers<D, 256>) {
        let (mut at_once, mut plain) = (stream(), stream());
        for _ in 0..100 {
            let mut found = [0.0; BATCH];
            layers.fill(&fill_longs(&mut at_once), &mut at_once, &mut found);
            let longs = fill_longs(&mut plain);
            let one = |long: u64| {
                if long < layers.limit { layers.place(long) } else { layers.rest.draw(&layers.density, &mut plain) }
            };
            assert_eq!(found, longs.map(one));
            layers.fill_mirrored(&fill_longs(&mut at_once), &mut at_once, &mut found);
            let longs = fill_longs(&mut plain);
            let one = |long: u64| {
                if long < layers.limit { layers.place_mirrored(long) } else { layers.settle_mirrored(long, &mut plain) }
            };
            assert_eq!(found, longs.map(one));
        }
    }
    check(&Layers::new(HalfNormal));
    check(&Layers::new(LogGamma { shape: 2.5 }));
}

/// Any place: an odd number of steps, and for each its negative.
#[test]
fn places_are_odd_and_mirrored() {
    let layers = Layers::<_, 1024>::new(HalfNormal);
    let top = 1u64 << (PLACE_BITS - 1);
    for place in [0, 1, 2, 3, 12_345, top - 2, top - 1] {
        let (above, below) = (layers.place_mirrored(place), layers.place_mirrored(2 * top - 1 - place));
        assert_eq!(above, -below);
        assert_eq!(above, (2 * place + 1) as f64 * layers.steps[0]);
        assert_eq!(layers.place(place), (place | 1) as f64 * layers.steps[0]);
    }
}

/// Of laws so wide or so narrow that hardly any other number is of their size.
#[test]
fn any_shape_has_layers() {
    let shapes = [1e-30, 1e-15, 1e-5, 1.0, 1e5, 1e15, 1e30];
    for shape in shapes {
        let (layers, mut stream) = (Layers::<_, 256>::new(LogGamma { shape }), stream());
        assert!(layers.owned() >= 252, "{shape}: {}", layers.owned());
        assert!((0..2_000).all(|_| layers.draw(&mut stream).is_finite()), "{shape}");
        for other in shapes {
            let layers = Layers::<_, 256>::new(LogOdds::new(shape, other));
            assert!(layers.owned() >= 252, "{shape} {other}: {}", layers.owned());
            assert!((0..2_000).all(|_| layers.draw(&mut stream).is_finite()), "{shape} {other}");
        }
    }
}

/// Draws of the rest and of its tails alone, as many as 10⁹ draws of the law would have to be many times over: how many are
/// beyond the quantiles of 10⁻⁶, 10⁻⁸ and 10⁻¹⁰. Each of the counts is a binomial number, and a right one is six standard
/// errors off with a chance of some 2e-9.
#[test]
#[ignore = "takes a minute"]
fn tails_are_right_as_far_as_one_in_ten_thousand_million() {
    fn check<D: Density, const K: usize>(layers: &Layers<D, K>, what: &str) {
        const DRAWS: u32 = 50_000_000;
        let (mut stream, rest_share) = (stream(), 1.0 - layers.owned() as f64 / K as f64);
        let (edges, chances) = layers.chances();
        let mut z_scores = Vec::new();
        for tail in layers.rest.tails() {
            let (edge, side) = tail.edge();
            let all = chances[chances.len() - 1];
            let far = |place: usize| if side > 0.0 { all - chances[place] } else { chances[place] };
            let start = edges.iter().position(|&x| x == edge).unwrap();
            let mut agree = |hits: u32, draws: u32, chance: f64| {
                let draws = f64::from(draws);
                let z = (f64::from(hits) - draws * chance) / (draws * chance * (1.0 - chance)).sqrt();
                assert!(
                    draws * chance > 10.0 && z.abs() < 6.0,
                    "{what} {side}: {hits} of {draws}, chance {chance:e}: {z}"
                );
                z_scores.push((chance, z));
            };
            // How often the rest is a tail.
            let hits =
                (0..DRAWS).filter(|_| (layers.rest.draw(&layers.density, &mut stream) - edge) * side > 0.0).count();
            agree(hits as u32, DRAWS, far(start) / rest_share);
            let numbers = (0..DRAWS).filter_map(|_| tail.draw(&layers.density, &mut stream));
            let quantiles = [1e-6, 1e-8, 1e-10].map(|chance| {
                let mut places = (0..edges.len()).filter(|&place| (edges[place] - edge) * side >= 0.0);
                let place = if side > 0.0 {
                    places.find(|&place| far(place) < chance)
                } else {
                    places.rev().find(|&place| far(place) < chance)
                };
                place.unwrap()
            });
            let (mut draws, mut beyond) = (0, [0; 3]);
            for x in numbers {
                draws += 1;
                for (count, &place) in beyond.iter_mut().zip(&quantiles) {
                    *count += u32::from((x - edges[place]) * side > 0.0);
                }
            }
            for (count, place) in beyond.into_iter().zip(quantiles) {
                agree(count, draws, far(place) / far(start));
            }
        }
        println!("{what}: chance and z {z_scores:?}");
    }
    check(&Layers::<_, 1024>::new(Exponential), "exponential");
    check(&Layers::<_, 1024>::new(HalfNormal), "normal");
    check(&Layers::<_, 256>::new(LogGamma { shape: 2.5 }), "gamma 2.5");
    check(&Layers::<_, 256>::new(LogGamma { shape: 0.3 }), "gamma 0.3");
    check(&Layers::<_, 256>::new(LogOdds::new(2.0, 3.0)), "beta 2 3");
}
