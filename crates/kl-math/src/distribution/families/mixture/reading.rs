//! The components of a mixture as they are written.

use super::Mixture;
use crate::distribution::{
    Distribution, Expected, Family, FamilyEntry, Fault, Parameter, ParameterError, Probability, Step,
};

/// The components as they are written: a list, or a table whose keys count from 1.
pub(super) fn items(written: &Parameter) -> Result<Vec<(Step, &Parameter)>, Vec<ParameterError>> {
    match written {
        Parameter::List(items) => {
            Ok(items.iter().enumerate().map(|(place, item)| (Step::Index(place), item)).collect())
        }
        Parameter::Table(entries) => {
            let number =
                |key: &str| key.parse::<usize>().ok().filter(|number| *number > 0 && number.to_string() == key);
            let unknown = entries
                .iter()
                .filter(|(key, _)| number(key).is_none())
                .map(|(key, _)| ParameterError::at(key, Fault::UnknownKey { family: Mixture::NAME, key: key.clone() }));
            let mut faults: Vec<ParameterError> = unknown.collect();
            let mut items: Vec<(usize, Step, &Parameter)> =
                entries.iter().filter_map(|(key, item)| Some((number(key)?, Step::Key(key.clone()), item))).collect();
            items.sort_by_key(|(number, ..)| *number);
            if items.first().is_none_or(|(number, ..)| *number != 1) {
                faults.push(ParameterError::here(Fault::MissingKey { family: Mixture::NAME, key: "1" }));
            } else if let Some(((_, step, _), _)) = items.iter().zip(1..).find(|((number, ..), place)| number != place)
            {
                let fault =
                    Fault::Rule { value: "a number of a component".into(), rule: "next to the one before".into() };
                faults.push(ParameterError::here(fault).under(step.clone()));
            }
            if faults.is_empty() {
                Ok(items.into_iter().map(|(_, step, item)| (step, item)).collect())
            } else {
                Err(faults)
            }
        }
        other => {
            let fault = Fault::WrongKind { expected: Expected::Components, found: other.kind() };
            Err(vec![ParameterError::here(fault)])
        }
    }
}

/// A component with its weight first, and the parameters in the order of their declarations.
pub(super) fn ordered(component: &Parameter) -> Parameter {
    let Parameter::Table(entries) = component else { return component.clone() };
    let mut entries = entries.clone();
    entries.sort_by_key(|(key, _)| key != "weight");
    for (family, parameters) in &mut entries {
        if let (Some(family), Parameter::Table(parameters)) = (FamilyEntry::named(family), parameters) {
            let names = family.parameter_names();
            parameters.sort_by_key(|(key, _)| names.iter().position(|name| name == key));
        }
    }
    Parameter::Table(entries)
}

/// A weight and a distribution.
pub(super) fn component(written: &Parameter) -> Result<(Probability, Distribution), Vec<ParameterError>> {
    let Parameter::Table(entries) = written else {
        let fault = Fault::WrongKind { expected: Expected::Component, found: written.kind() };
        return Err(vec![ParameterError::here(fault)]);
    };
    let (weights, law): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|(key, _)| key == "weight");
    let weight = match weights.first() {
        Some((key, weight)) => Probability::read(weight).map_err(|fault| fault.under(Step::Key(key.clone()))),
        None => Err(ParameterError::here(Fault::MissingKey { family: Mixture::NAME, key: "weight" })),
    };
    match (weight, Distribution::read(&Parameter::Table(law))) {
        (Ok(weight), Ok(law)) => Ok((weight, law)),
        (weight, law) => Err(weight.err().into_iter().chain(law.err().into_iter().flatten()).collect()),
    }
}
