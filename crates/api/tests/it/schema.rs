//! Migrations: up, down and up again on both engines, and both agree with the tables that the code knows.

use std::collections::BTreeSet;

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_types::Text};
use portal_api::platform::db::{self, Engine};

use crate::harness::portal::Database;

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

const OF_SQLITE: &str = "SELECT m.name AS table_name, p.name AS column_name, \
    p.type || CASE WHEN p.\"notnull\" OR p.pk > 0 THEN '' ELSE ' null' END AS kind \
    FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'";

const OF_POSTGRES: &str = "SELECT table_name::text, column_name::text, \
    data_type || CASE WHEN is_nullable = 'YES' THEN ' null' ELSE '' END AS kind \
    FROM information_schema.columns WHERE table_schema = 'public'";

/// (table, column, type in PostgreSQL's words) of a database.
fn columns(url: &str) -> BTreeSet<(String, String, String)> {
    #[expect(clippy::disallowed_methods, reason = "the catalogues of the engines are no tables of ours")]
    let rows: Vec<Column> = match Engine::of(url).unwrap() {
        Engine::Sqlite => {
            let mut conn = SqliteConnection::establish(url.trim_start_matches("sqlite:")).unwrap();
            diesel::sql_query(OF_SQLITE).load(&mut conn).unwrap()
        }
        Engine::Postgres => {
            let mut conn = PgConnection::establish(url).unwrap();
            diesel::sql_query(OF_POSTGRES).load(&mut conn).unwrap()
        }
    };
    let known = |row: &Column| !row.table_name.starts_with("__") && !row.table_name.starts_with("sqlite_");
    rows.into_iter().filter(known).map(|row| (row.table_name, row.column_name, row.kind)).collect()
}

/// PostgreSQL's types in the words of `schema.rs`.
fn of_postgres(kind: &str) -> String {
    let (kind, null) = kind.strip_suffix(" null").map_or((kind, false), |kind| (kind, true));
    let word = match kind {
        "uuid" => "Guid",
        "timestamp with time zone" => "Instant",
        "text" => "Text",
        "bigint" => "BigInt",
        "bytea" => "Binary",
        "jsonb" => "Document",
        "date" => "Date",
        other => panic!("{other} has no word in schema.rs"),
    };
    if null { format!("Nullable<{word}>") } else { word.into() }
}

/// SQLite's types for a word of `schema.rs`.
fn on_sqlite(word: &str) -> String {
    let (word, null) =
        word.strip_prefix("Nullable<").map_or((word, ""), |word| (word.trim_end_matches('>'), " null"));
    let kind = match word {
        "Guid" | "Binary" => "BLOB",
        "Instant" | "BigInt" => "INTEGER",
        "Text" | "Document" | "Date" | "Word" => "TEXT",
        other => panic!("{other} has no type on SQLite"),
    };
    format!("{kind}{null}")
}

/// (table, column, word) as `schema.rs` says.
fn declared() -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    let mut table = String::new();
    for line in include_str!("../../src/platform/db/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|(_, rest)| rest.ends_with(") {")) {
            table = name.to_owned();
        } else if let Some((column, word)) = line.trim_end_matches(',').split_once(" -> ") {
            found.insert((table.clone(), column.to_owned(), word.to_owned()));
        }
    }
    found
}

fn check(engine: Engine) {
    let Some(database) = Database::create(engine) else { return };
    let up = columns(&database.url);
    db::revert_all(&database.url).unwrap();
    assert_eq!(columns(&database.url), BTreeSet::new(), "going down leaves nothing behind");
    db::migrate(&database.url).unwrap();
    assert_eq!(columns(&database.url), up, "going up again gives the same schema");
    let agrees = |kind: &str, word: &str| match engine {
        // A closed list of words is text to the engine.
        Engine::Postgres => of_postgres(kind) == word.replace("Word", "Text"),
        Engine::Sqlite => kind == on_sqlite(word),
    };
    let declared = declared();
    let names = |set: &BTreeSet<(String, String, String)>| -> BTreeSet<(String, String)> {
        set.iter().map(|(table, column, _)| (table.clone(), column.clone())).collect()
    };
    assert_eq!(names(&up), names(&declared), "schema.rs and the migrations have the same columns");
    for ((table, column, kind), (_, _, word)) in up.iter().zip(&declared) {
        assert!(agrees(kind, word), "{table}.{column} is {kind} but {word} in schema.rs");
    }
}

#[test]
fn sqlite_goes_up_down_and_up_and_agrees_with_the_code() {
    check(Engine::Sqlite);
}

#[test]
fn postgres_goes_up_down_and_up_and_agrees_with_the_code() {
    check(Engine::Postgres);
}

#[test]
fn both_engines_have_migrations_of_the_same_names() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = format!("{}/../../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
