//! A process of the tests' own that speaks clamd's protocol, in all its moods.

use std::{net::SocketAddr, path::Path, time::Duration};

use portal_domain::problem::Code;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UnixListener},
};

use super::{files, objects, patient_for, receive, refused};

/// Longer than any answer takes here.
const LONG: Duration = Duration::from_secs(20);

/// Reads a whole INSTREAM as clamd does and answers: the words are found in the file itself.
async fn clamd(mut from: impl AsyncRead + AsyncWrite + Unpin) {
    let mut command = [0; 10];
    from.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = from.read_u32().await.unwrap() as usize;
        if length == 0 {
            break;
        }
        let start = file.len();
        file.resize(start + length, 0);
        from.read_exact(&mut file[start..]).await.unwrap();
    }
    let answer: &[u8] = match file.as_slice() {
        b"a virus" => b"stream: Test-Signature FOUND\0",
        b"too large" => b"INSTREAM size limit exceeded. ERROR\0",
        b"silence" => b"",
        b"forever" => std::future::pending().await,
        _ => b"stream: OK\0",
    };
    from.write_all(answer).await.unwrap();
}

async fn over_tcp() -> SocketAddr {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    actix_web::rt::spawn(async move {
        while let Ok((caller, _)) = socket.accept().await {
            actix_web::rt::spawn(clamd(caller));
        }
    });
    address
}

fn over_unix(path: &Path) {
    let socket = UnixListener::bind(path).unwrap();
    actix_web::rt::spawn(async move {
        while let Ok((caller, _)) = socket.accept().await {
            actix_web::rt::spawn(clamd(caller));
        }
    });
}

#[actix_web::test]
async fn what_the_scanner_finds_is_refused_and_the_rest_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let address = over_tcp().await.to_string();
    let files = files(folder.path(), Some(patient_for(&address, LONG)));
    assert_eq!(receive(&files, &[b"good ", b"day"]).await.unwrap().bytes, b"good day");
    assert_eq!(receive(&files, &[&[b'a'; 200_000]]).await.unwrap().size(), 200_000);
    assert_eq!(refused(receive(&files, &[b"a ", b"virus"]).await).code, Code::FileInfected);
    assert_eq!(objects(folder.path()), 0);
}

#[actix_web::test]
async fn a_scanner_is_reached_by_a_socket_in_the_file_system() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.ctl");
    over_unix(&path);
    let files = files(folder.path(), Some(patient_for(&format!("unix:{}", path.display()), LONG)));
    assert!(receive(&files, &[b"good day"]).await.is_ok());
    assert_eq!(refused(receive(&files, &[b"a virus"]).await).code, Code::FileInfected);
}

#[actix_web::test]
async fn a_scanner_that_fails_or_says_nothing_blocks_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let address = over_tcp().await.to_string();
    let files = files(folder.path(), Some(patient_for(&address, LONG)));
    for file in [&b"too large"[..], b"silence"] {
        assert_eq!(refused(receive(&files, &[file]).await).code, Code::ScanUnavailable);
    }
}

#[actix_web::test]
async fn a_slow_or_dead_scanner_blocks_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let address = over_tcp().await.to_string();
    let slow = files(folder.path(), Some(patient_for(&address, Duration::from_millis(50))));
    assert_eq!(refused(receive(&slow, &[b"forever"]).await).code, Code::ScanUnavailable);
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let dead = files(folder.path(), Some(patient_for(&nobody, LONG)));
    assert_eq!(refused(receive(&dead, &[b"good day"]).await).code, Code::ScanUnavailable);
    assert!(dead.try_out().await.unwrap_err().contains("scanner"));
}
