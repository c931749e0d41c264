use super::*;

fn refused(text: &str) -> BundleError {
    read_bundle(text.as_bytes()).unwrap_err()
}

#[test]
fn what_encloses_the_entries_is_refused_with_its_own_reason() {
    assert_eq!(refused(""), BundleError::Empty);
    assert_eq!(refused(" \n\t"), BundleError::Empty);
    assert_eq!(refused("<Bundle/>"), BundleError::Xml);
    assert_eq!(refused("hello"), BundleError::NotJson { line: 1, column: 1 });
    assert_eq!(refused("{\n \"a\" 1}"), BundleError::NotJson { line: 2, column: 6 });
    assert_eq!(refused("[]"), BundleError::NotAnObject);
    assert_eq!(refused("\"Bundle\""), BundleError::NotAnObject);
    assert_eq!(refused("{}"), BundleError::WrongResource { found: None });
    assert_eq!(refused("{\"resourceType\": 7}"), BundleError::WrongResource { found: None });
    assert_eq!(refused("{\"resourceType\": \"Secret\"}"), BundleError::WrongResource { found: None });
    assert_eq!(refused("{\"resourceType\": \"Bundle\"}"), BundleError::WrongType { found: None });
    assert_eq!(refused("{\"resourceType\": \"Bundle\", \"type\": \"batch\"}"), BundleError::NoEntries);
    assert_eq!(
        refused("{\"resourceType\": \"Bundle\", \"resourceType\": \"Bundle\"}"),
        BundleError::Repeated
    );
    let bundle = |kind: &str, entry: &str| {
        format!("{{\"resourceType\":\"Bundle\",\"type\":\"{kind}\",\"entry\":{entry}}}")
    };
    assert_eq!(refused(&bundle("transaction", "[]")), BundleError::NoEntries);
    assert_eq!(refused(&bundle("transaction", "{}")), BundleError::EntriesNotAList);
    assert_eq!(refused(&bundle("searchset", "[{}]")), BundleError::WrongType { found: Some("searchset") });
    assert_eq!(refused(&(bundle("batch", "[{}]") + "\n{}")), BundleError::MoreFollows { line: 2 });
    let many = format!("[{}{{}}]", "{},".repeat(MAX_ENTRIES));
    assert_eq!(
        refused(&bundle("batch", &many)),
        BundleError::TooManyEntries { count: MAX_ENTRIES + 1, limit: MAX_ENTRIES }
    );
}

#[test]
fn a_bare_resource_is_told_what_was_expected_and_what_was_found() {
    let error = refused(&patient().to_string());
    assert_eq!(error, BundleError::WrongResource { found: Some("Patient") });
    assert!(error.to_string().starts_with("Expected resourceType Bundle, found Patient."));
}

#[test]
fn bytes_that_are_not_text_and_files_that_are_too_large_are_refused() {
    assert_eq!(read_bundle(b"{\"a\": \"\xff\"}"), Err(BundleError::NotText { byte: 7 }));
    let large = vec![b' '; MAX_BUNDLE_BYTES + 1];
    assert_eq!(
        read_bundle(&large),
        Err(BundleError::TooLarge { bytes: MAX_BUNDLE_BYTES + 1, limit: MAX_BUNDLE_BYTES })
    );
}

#[test]
fn a_cut_off_bundle_says_so() {
    let whole = bundle(&[patient()]).to_string();
    assert!(matches!(refused(&whole[..whole.len() - 1]), BundleError::Truncated { line: 1, .. }));
    let within = whole.find('Ö').unwrap() + 1;
    assert_eq!(
        read_bundle(&whole.as_bytes()[..within]),
        Err(BundleError::Truncated { line: 1, column: within }),
        "cut inside a character"
    );
}

#[test]
fn a_byte_order_mark_and_the_types_batch_and_collection_are_taken() {
    for kind in ["batch", "collection"] {
        let mut bundle = bundle(&[patient()]);
        bundle["type"] = json!(kind);
        assert!(read_bundle(format!("\u{feff}{bundle}").as_bytes()).unwrap().is_valid());
    }
}

#[test]
fn an_entry_that_is_no_resource_is_invalid_by_itself() {
    let whole = json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": patient()},
        7,
        {"fullUrl": "urn:uuid:x"},
        {"resource": {"resourceType": "Pateint", "id": "x"}},
        {"resource": []},
        {"fullUrl": 3, "resource": {"resourceType": "Organization", "id": "o", "name": "O"}},
        {"resource": {"resourceType": "Organization", "name": "O"}},
        {"resource": {"resourceType": "Organization", "id": "not an id", "name": "O"}},
        {"resource": {"resourceType": "Organization", "id": "gone", "name": "O"}, "request": {"method": "DELETE"}},
    ]});
    let reading = read(&whole);
    assert_eq!(reading.entries.len(), 9);
    assert!(reading.entries[0].record().is_some());
    assert_eq!(
        problems(&reading, 1),
        ["Bundle.entry[1] must be an object in which no property stands twice"]
    );
    assert_eq!(problems(&reading, 2), ["Bundle.entry[2].resource is missing"]);
    assert_eq!(
        problems(&reading, 3),
        ["Bundle.entry[3].resource.resourceType is not a resource type of FHIR R4"]
    );
    assert_eq!(
        problems(&reading, 4),
        ["Bundle.entry[4].resource must be an object in which no property stands twice"]
    );
    assert_eq!(problems(&reading, 5), ["Bundle.entry[5].fullUrl is not a URL of at most 512 characters"]);
    assert_eq!(
        problems(&reading, 6),
        ["Organization.id is missing, and the entry's fullUrl doesn't end in one"]
    );
    assert_eq!(
        problems(&reading, 7),
        ["Organization.id is not an id: 1 to 64 letters, digits, dashes and dots"]
    );
    assert_eq!(
        problems(&reading, 8),
        [
            "Bundle.entry[8].request.method must be POST or PUT; the portal can't delete, patch or search by a bundle"
        ]
    );
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let organization = |id: &str| json!({"resourceType": "Organization", "id": id, "name": "O"});
    let mut same_url = bundle(&[organization("a"), organization("b")]);
    same_url["entry"][1]["fullUrl"] = json!("urn:uuid:a");
    assert_eq!(problems(&read(&same_url), 1), ["Bundle.entry[1].fullUrl repeats the fullUrl of entry 0"]);
    let mut same_id = bundle(&[organization("a"), organization("a")]);
    same_id["entry"][1]["fullUrl"] = json!("urn:uuid:other");
    assert_eq!(problems(&read(&same_id), 1), ["Organization.id repeats the id of entry 0"]);
}
