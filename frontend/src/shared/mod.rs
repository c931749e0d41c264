//! Parts that every page may use. Nothing here knows a feature.

pub mod appointment;
pub mod choice;
pub mod date_field;
pub mod dialog;
pub mod field;
pub mod form;
pub mod idle;
pub mod inbox;
pub mod intl;
pub mod list;
pub mod live;
pub mod load;
pub mod page;
pub mod people;
pub mod practice;
pub mod problem_view;
pub mod result;
pub mod section;
pub mod shell;
pub mod summary;
