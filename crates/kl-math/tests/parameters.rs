//! Every family by its declarations: what they allow is read, and what they do not is refused at its place.

#![allow(clippy::unwrap_used)]

use kl_math::distribution::{
    Beta, Dirichlet, Distribution, Domain, Example, FAMILIES, FamilyEntry, Fault, Form, Kind, MultivariateNormal, Need,
    Normal, Parameter, ParameterError, Step,
};

/// The parameters of an example, with one of them replaced.
fn with(example: Example, name: &str, value: Option<Parameter>) -> Vec<(String, Parameter)> {
    let others =
        example.iter().filter(|(key, _)| *key != name).map(|(key, value)| ((*key).to_owned(), (*value).into()));
    others.chain(value.map(|value| (name.to_owned(), value))).collect()
}

fn read(family: &FamilyEntry, parameters: Vec<(String, Parameter)>) -> Result<Distribution, Vec<ParameterError>> {
    Distribution::read(&Parameter::Table(vec![(family.name.to_owned(), Parameter::Table(parameters))]))
}

fn path(family: &FamilyEntry, parameter: &str) -> Vec<Step> {
    vec![Step::Key(family.name.to_owned()), Step::Key(parameter.to_owned())]
}

#[test]
fn the_two_examples_of_a_family_are_different_members() {
    for family in FAMILIES {
        let [one, other] = family.examples.map(|example| read(family, with(example, "", None)).unwrap());
        assert_eq!((one.family(), other.family()), (family.name, family.name));
        assert_ne!(one.normalised_parameters(), other.normalised_parameters(), "{one} and {other}");
    }
}

#[test]
fn a_number_outside_its_domain_is_refused_at_its_place() {
    let outside = |domain: Domain| match domain {
        Domain::Real => f64::INFINITY,
        Domain::Positive | Domain::PositiveProbability => 0.0,
        Domain::NonNegative | Domain::Probability => -1e-300,
        Domain::Count => 2.5,
        Domain::DegreesOfFreedom => 0.01,
    };
    let mut tried = 0;
    for family in FAMILIES {
        for declared in family.parameters {
            let Form::Number(domain) = declared.form else { continue };
            // The one that it may be given instead of is left out.
            let example = family.examples[0].iter().filter(|(name, _)| declared.need != Need::InsteadOf(name));
            let others: Vec<_> = example.filter(|(name, _)| *name != declared.name).collect();
            for value in [outside(domain), f64::NAN] {
                let mut parameters: Vec<(String, Parameter)> =
                    others.iter().map(|(name, sample)| ((*name).to_owned(), (*sample).into())).collect();
                parameters.push((declared.name.to_owned(), value.into()));
                let errors = read(family, parameters).unwrap_err();
                let fault = Fault::OutsideDomain { value: value.into(), domain };
                // NaN is not equal to itself, and its text is.
                let found: Vec<String> = errors.iter().map(ToString::to_string).collect();
                assert_eq!(found, [fault.to_string()], "{} of {}", declared.name, family.name);
                assert_eq!(errors[0].path, path(family, declared.name));
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn a_parameter_that_is_required_is_missed_and_an_unknown_one_refused() {
    for family in FAMILIES.iter().filter(|family| !family.parameters.is_empty()) {
        for declared in family.parameters.iter().filter(|declared| declared.need == Need::Required) {
            let other = family.parameters.iter().find(|other| other.need == Need::InsteadOf(declared.name));
            let fault = match other {
                Some(other) => Fault::Either { family: family.name, one: declared.name, other: other.name },
                None => Fault::MissingKey { family: family.name, key: declared.name },
            };
            let errors = read(family, with(family.examples[0], declared.name, None)).unwrap_err();
            assert_eq!(errors.into_iter().map(|error| error.fault).collect::<Vec<_>>(), [fault]);
        }
        let errors = read(family, with(family.examples[0], "colour", Some(1.0.into()))).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].fault, Fault::UnknownKey { family: family.name, key: "colour".to_owned() });
        assert_eq!(errors[0].path, path(family, "colour"));
    }
}

#[test]
fn two_names_of_one_parameter_exclude_each_other() {
    let errors = read(
        FamilyEntry::named("gamma").unwrap(),
        vec![("scale".to_owned(), 2.0.into()), ("shape".to_owned(), 1.0.into()), ("rate".to_owned(), 0.5.into())],
    );
    let error = errors.unwrap_err().remove(0);
    assert_eq!(error.fault, Fault::Both { family: "gamma", one: "scale", other: "rate" });
}

#[test]
fn a_list_is_not_a_number_nor_a_number_a_list() {
    let errors = Dirichlet::new(1.0).unwrap_err().0;
    assert!(matches!(errors[0].fault, Fault::WrongKind { found: Kind::Number, .. }));
    let errors = Normal::new([0.0, 1.0], 1.0).unwrap_err().0;
    assert_eq!(errors[0].fault, Fault::NotANumber { found: Kind::List, domain: Domain::Real });
}

/// Two shares are a beta number and its rest, and independent normal numbers a vector of them.
#[test]
fn densities_and_moments_of_vectors_are_those_of_their_parts() {
    let (shares, one) = (Dirichlet::new([2.0, 3.5]).unwrap(), Beta::new(2.0, 3.5).unwrap());
    for x in [0.01, 0.3, 0.9] {
        assert!((shares.ln_density(&[x, 1.0 - x]) - one.ln_density(x)).abs() < 1e-13, "{x}");
    }
    assert!((shares.mean()[0] - one.mean()).abs() < 1e-16 && (shares.variance()[1] - one.variance()).abs() < 1e-16);
    let both = MultivariateNormal::new([1.0, -2.0], [[4.0, 0.0], [0.0, 0.25]]).unwrap();
    let (first, second) = (Normal::new(1.0, 2.0).unwrap(), Normal::new(-2.0, 0.5).unwrap());
    let parts = first.ln_density(3.0) + second.ln_density(-1.5);
    assert!((both.ln_density(&[3.0, -1.5]) - parts).abs() < 1e-14);
    assert_eq!((both.mean(), both.covariance()[1][1]), (&[1.0, -2.0][..], second.variance()));
}
