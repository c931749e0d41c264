//! Files of messages (MSG-3).

use portal_domain::messages::DraftView;

use super::*;

async fn begun(by: &Person, to: &Person, team: TeamId) -> DraftView {
    by.portal.begin_draft(to.patient(), &text(team, "Rash", "See the file."), Uuid::new_v4()).await.unwrap()
}

fn stored(portal: &TestPortal) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>());
        let entries = entries.unwrap_or_default();
        entries.iter().map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&portal.app.settings.data_dir.join("files"))
}

on_both! {
    async fn a_file_goes_with_its_message_and_only_its_readers_get_it(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let (nurse, outsider) = (portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let draft = begun(&anna, &anna, nurses).await;
        let file = anna.portal.upload_attachment(anna.patient(), draft.id, "Größe.txt", b"A secret.".to_vec()).await.unwrap();
        assert_eq!((file.size, file.media_type.as_str()), (9, "text/plain; charset=utf-8"));
        let of_draft = nurse.portal.attachment_text(anna.patient(), file.id).await;
        assert_eq!(refused(of_draft).code, Code::NotFound, "a draft's file is its writer's");
        assert_eq!(anna.portal.attachment_text(anna.patient(), file.id).await.unwrap(), "A secret.");

        let thread = anna.portal.send_draft(anna.patient(), &draft, Uuid::new_v4()).await.unwrap();
        assert_eq!(thread.messages[0].attachments, std::slice::from_ref(&file));
        let unopened = nurse.portal.attachment_text(anna.patient(), file.id).await;
        assert_eq!(refused(unopened).code, Code::NotFound, "not before the message was opened (MSG-6)");
        open(&nurse, &anna, &thread).await;
        assert_eq!(nurse.portal.attachment_text(anna.patient(), file.id).await.unwrap(), "A secret.");
        assert_eq!(refused(outsider.portal.attachment_text(anna.patient(), file.id).await).code, Code::RoleRequired);
        assert_eq!(refused(berta.portal.attachment_text(berta.patient(), file.id).await).code, Code::NotFound);

        let ask = portal.request("GET", &format!("/api/v1/patients/{}/attachments/{}", anna.patient(), file.id));
        let answer = portal.send(&portal.cookie(&anna).await, ask).await;
        let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header("content-disposition").starts_with("attachment; "), "{answer:?}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
    }

    async fn what_is_no_file_of_its_kind_or_too_much_is_refused_by_name_and_leaves_nothing(portal) {
        let anna = portal.patient("Anna").await;
        let nurses = team(&portal, TeamCategory::Health, &[&portal.staff(Role::Nurse).await]).await;
        let draft = begun(&anna, &anna, nurses).await;
        let send = async |name: &str, bytes: Vec<u8>| anna.portal.upload_attachment(anna.patient(), draft.id, name, bytes).await;
        let code = async |name: &str, bytes: Vec<u8>| {
            let problem = refused(send(name, bytes).await);
            problem.errors.first().map_or(problem.code.as_str().to_owned(), |error| error.code.clone())
        };
        assert_eq!(code("empty.txt", vec![]).await, "file_empty");
        assert_eq!(code("tool.exe", b"MZ".to_vec()).await, "file_kind");
        assert_eq!(code("scan.pdf", b"MZ not a scan".to_vec()).await, "file_content");
        assert_eq!(code("large.txt", vec![b'a'; (6 << 20) + 1]).await, "file_too_large");
        assert_eq!(stored(&portal), 0, "nothing stays of what was refused");
        send("one.txt", b"one".to_vec()).await.unwrap();
        assert_eq!(code("again.txt", b"one".to_vec()).await, "file_duplicate");
        for name in ["two.txt", "three.txt", "four.txt"] {
            send(name, name.as_bytes().to_vec()).await.unwrap();
        }
        assert_eq!(code("five.txt", b"five".to_vec()).await, "too_many_files");
        assert_eq!(stored(&portal), 4);
        anna.portal.delete_draft(anna.patient(), draft.id).await.unwrap();
        assert_eq!(stored(&portal), 0, "a draft's files go with it");
    }

    async fn an_upload_that_breaks_off_leaves_neither_row_nor_bytes(portal) {
        use std::io::Write as _;
        let anna = portal.patient("Anna").await;
        let nurses = team(&portal, TeamCategory::Health, &[&portal.staff(Role::Nurse).await]).await;
        let draft = begun(&anna, &anna, nurses).await;
        let crate::harness::wire::Credentials::Cookie(cookie) = portal.cookie(&anna).await else { panic!("a cookie") };
        let address = portal.base.trim_start_matches("http://").to_owned();
        let mut socket = std::net::TcpStream::connect(address).unwrap();
        let path = format!("/api/v1/patients/{}/drafts/{}/attachments?name=half.txt", anna.patient(), draft.id);
        write!(
            socket,
            "POST {path} HTTP/1.1\r\nHost: x\r\nOrigin: {}\r\nCookie: {cookie}\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nhalf of it",
            portal.base
        )
        .unwrap();
        drop(socket);
        // The next request of the same draft comes after the broken one was heard or is unaffected by it.
        let there = anna.portal.draft(anna.patient(), draft.id).await.unwrap();
        assert!(there.attachments.is_empty());
        assert_eq!(stored(&portal), 0);
    }

    async fn the_files_of_a_recalled_message_are_gone(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let draft = begun(&anna, &anna, nurses).await;
        let file = anna.portal.upload_attachment(anna.patient(), draft.id, "a.txt", b"A secret.".to_vec()).await.unwrap();
        let thread = anna.portal.send_draft(anna.patient(), &draft, Uuid::new_v4()).await.unwrap();
        anna.portal.recall_message(anna.patient(), thread.messages[0].id, Uuid::new_v4()).await.unwrap();
        assert_eq!(refused(anna.portal.attachment_text(anna.patient(), file.id).await).code, Code::NotFound);
        assert!(open(&nurse, &anna, &thread).await.messages[0].attachments.is_empty());
        assert_eq!(stored(&portal), 0);
    }

    async fn of_uploads_at_once_no_more_are_kept_than_a_message_takes(portal) {
        let anna = portal.patient("Anna").await;
        let nurses = team(&portal, TeamCategory::Health, &[&portal.staff(Role::Nurse).await]).await;
        let draft = begun(&anna, &anna, nurses).await;
        let tries = (0..12).map(|place| {
            let bytes = format!("file {place}").into_bytes();
            anna.portal.upload_attachment(anna.patient(), draft.id, "part.txt", bytes)
        });
        futures_util::future::join_all(tries.collect::<Vec<_>>()).await;
        assert_eq!(anna.portal.draft(anna.patient(), draft.id).await.unwrap().attachments.len(), 4);
        assert_eq!(stored(&portal), 4, "what was refused left no bytes");
    }
}
