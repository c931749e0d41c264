//! One behaviour in a folder and in a real S3-speaking server (moto, a process of its own).

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use portal_api::platform::{
    files::{Files, FilesSettings, StoreSettings},
    secret::Sealer,
};
use portal_domain::problem::Code;
use uuid::Uuid;

use super::{files, objects, receive, refused};
use crate::{
    harness::{portal::SECRET, wire::wire},
    outbox::post_office::interpreter,
};

const TEXT: &[u8] = b"what nobody else may read";

/// A running server with an empty bucket. It ends with this.
struct S3 {
    child: Child,
    endpoint: String,
}

impl S3 {
    /// None where the tests' Python is not installed (on CI that fails).
    async fn open() -> Option<Self> {
        let mut child = interpreter()?
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let endpoint = lines
            .find_map(|line| line.split_once("Running on ").map(|(_, url)| url.trim().to_owned()))
            .expect("the server says where it listens");
        // It logs every request, and waits when nobody reads.
        std::thread::spawn(move || lines.for_each(drop));
        let made = wire().put(format!("{endpoint}/clinic-files")).body("").send().await.unwrap();
        assert!(made.status().is_success(), "{made:?}");
        Some(Self { child, endpoint })
    }

    fn files(&self, key_to: &str) -> Files {
        let store = StoreSettings::S3 {
            bucket: key_to.into(),
            prefix: "portal".into(),
            endpoint: Some(self.endpoint.clone()),
            region: "us-east-1".into(),
            key_id: "id".into(),
            key: "key".into(),
        };
        Files::open(&FilesSettings { store, scanner: None }, Sealer::new(SECRET).unwrap()).unwrap()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Kept, read, forgotten; and what is not there is not found.
async fn keeps_reads_and_forgets(files: &Files) {
    let (id, other) = (Uuid::new_v4(), Uuid::new_v4());
    let arrived = receive(files, &[TEXT]).await.unwrap();
    files.put(id, &arrived).await.unwrap();
    assert_eq!(files.get(id).await.unwrap(), TEXT);
    assert_eq!(refused(files.get(other).await).code, Code::NotFound);
    files.delete(id).await.unwrap();
    files.delete(id).await.unwrap();
    assert_eq!(refused(files.get(id).await).code, Code::NotFound);
    files.try_out().await.unwrap();
}

#[actix_web::test]
async fn a_folder_keeps_reads_and_forgets() {
    let folder = tempfile::tempdir().unwrap();
    keeps_reads_and_forgets(&files(folder.path(), None)).await;
    assert_eq!(objects(folder.path()), 0);
}

#[actix_web::test]
async fn an_s3_server_keeps_reads_and_forgets() {
    let Some(s3) = S3::open().await else { return };
    keeps_reads_and_forgets(&s3.files("clinic-files")).await;
    let files = s3.files("clinic-files");
    let id = Uuid::new_v4();
    files.put(id, &receive(&files, &[TEXT]).await.unwrap()).await.unwrap();
    // The server knows its callers by name and takes any signature.
    let known =
        "AWS4-HMAC-SHA256 Credential=id/20261005/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let object =
        wire().get(format!("{}/clinic-files/portal/{id}", s3.endpoint)).header("Authorization", known);
    let stored = object.send().await.unwrap();
    assert!(stored.status().is_success(), "{stored:?}");
    assert!(!holds(&stored.bytes().await.unwrap()));
}

#[actix_web::test]
async fn a_store_that_refuses_or_is_gone_is_told_as_busy() {
    let Some(s3) = S3::open().await else { return };
    let elsewhere = s3.files("no-such-bucket");
    let arrived = receive(&elsewhere, &[TEXT]).await.unwrap();
    assert_eq!(refused(elsewhere.put(Uuid::new_v4(), &arrived).await).code, Code::Unavailable);
    let files = s3.files("clinic-files");
    drop(s3);
    assert_eq!(refused(files.put(Uuid::new_v4(), &arrived).await).code, Code::Unavailable);
    assert_eq!(refused(files.get(Uuid::new_v4()).await).code, Code::Unavailable);
}

#[actix_web::test]
async fn what_is_stored_is_sealed_under_its_own_id() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(&folder.path().join("files"), None);
    let path = |id: Uuid| folder.path().join("files").join(id.to_string());
    let (id, other) = (Uuid::new_v4(), Uuid::new_v4());
    for id in [id, other] {
        files.put(id, &receive(&files, &[TEXT]).await.unwrap()).await.unwrap();
    }
    assert!(!holds(&std::fs::read(path(id)).unwrap()));
    assert_eq!(mode(&folder.path().join("files")), 0o700);
    std::fs::copy(path(other), path(id)).unwrap();
    assert_eq!(refused(files.get(id).await).code, Code::Internal);
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(TEXT.len()).any(|part| part == TEXT)
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
