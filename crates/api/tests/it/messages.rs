//! Messages between patients and care teams (MSG-1 to MSG-8).

mod cohort;
mod files;
mod leaks;
mod races;
mod teams;

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::{AnyId, schema::audit_entries};
use portal_domain::{
    access::Role,
    audit::Outcome,
    ids::{AccountId, TeamId, ThreadId},
    mail::{Folder, InboxQuery, ItemKind, Sent},
    messages::{
        DraftText, NewNote, NoReply, QueueFolder, QueueList, QueueQuery, Rerouting, Selected, SentThread,
        Side, StaffThread, TeamCategory, TeamEdit, ThreadState, ThreadView,
    },
    problem::Code,
};
use uuid::Uuid;

use crate::harness::{on_both, people::Person, portal::TestPortal, refused};

/// A care team as an administrator makes it.
pub async fn team(portal: &TestPortal, category: TeamCategory, members: &[&Person]) -> TeamId {
    let admin = portal.staff(Role::Admin).await;
    let edit = edit(category, members.iter().map(|person| person.session.account_id).collect());
    admin.portal.add_care_team(&edit, Uuid::new_v4()).await.unwrap().team.id
}

fn edit(category: TeamCategory, members: Vec<AccountId>) -> TeamEdit {
    TeamEdit {
        name: format!("Team {category}"),
        category,
        location_id: None,
        reply_hours: 24,
        is_open: true,
        members,
        escalates_to: None,
    }
}

pub fn text(team: TeamId, subject: &str, text: &str) -> DraftText {
    DraftText { team_id: Some(team), subject: subject.into(), text: text.into(), ..DraftText::default() }
}

/// Writes and sends, as patient or staff.
pub async fn write(by: &Person, to: &Person, content: &DraftText) -> ThreadView {
    let draft = by.portal.begin_draft(to.patient(), content, Uuid::new_v4()).await.unwrap();
    by.portal.send_draft(to.patient(), &draft, Uuid::new_v4()).await.unwrap()
}

pub async fn answer(by: &Person, to: &Person, thread: &ThreadView, text: &str) -> ThreadView {
    if by.session.patient_id().is_none() {
        open(by, to, thread).await;
    }
    let content = DraftText { thread_id: Some(thread.id), text: text.into(), ..DraftText::default() };
    write(by, to, &content).await
}

pub async fn queue(of: &Person, folder: QueueFolder) -> QueueList {
    of.portal.message_queue(&QueueQuery { folder: Some(folder), ..QueueQuery::default() }).await.unwrap()
}

pub async fn search(of: &Person, q: &str) -> QueueList {
    let query = QueueQuery { q: Some(q.into()), folder: Some(QueueFolder::Open), ..QueueQuery::default() };
    of.portal.message_queue(&query).await.unwrap()
}

pub async fn open(by: &Person, of: &Person, thread: &ThreadView) -> StaffThread {
    by.portal.open_thread(of.patient(), thread.id).await.unwrap()
}

/// What the audit trail says of a person's acts on a thread.
async fn recorded(portal: &TestPortal, by: &Person, thread: &ThreadView) -> Vec<Outcome> {
    let (actor, subject) = (AnyId(by.session.account_id.0), AnyId(thread.id.0));
    let rows = portal.app.db.read(move |conn| {
        let of_person = audit_entries::table.filter(audit_entries::actor_id.eq(actor));
        let of_thread = of_person.filter(audit_entries::subject_id.eq(subject));
        Ok(of_thread.select(audit_entries::outcome).load(conn)?)
    });
    rows.await.unwrap()
}

pub fn words(q: &str) -> InboxQuery {
    InboxQuery { q: Some(q.into()), ..InboxQuery::default() }
}

pub async fn sent(of: &Person) -> Vec<SentThread> {
    let sent = of.portal.sent_items(of.patient(), &Default::default()).await.unwrap();
    let threads = sent.items.into_iter().map(|item| match item.what {
        Sent::Message(thread) => thread,
        Sent::Appointment(_) => panic!("an appointment"),
    });
    threads.collect()
}

on_both! {
    async fn a_patient_writes_the_team_answers_and_the_patient_reads_and_replies(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let choices = anna.portal.team_choices(anna.patient()).await.unwrap();
        assert!(choices.iter().any(|team| team.id == nurses && team.reply_hours == 24));

        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        assert!(thread.can_reply && thread.messages[0].can_recall);
        assert_eq!(sent(&anna).await[0].opened_at, None);
        let waiting = queue(&nurse, QueueFolder::Unclaimed).await;
        assert_eq!(waiting.items[0].subject.as_deref(), Some("Rash"));
        assert!(waiting.items[0].due_at.unwrap() > portal.app.now() && !waiting.items[0].overdue);

        let opened = open(&nurse, &anna, &thread).await;
        assert_eq!(opened.messages[0].text.as_deref(), Some("It itches."));
        assert!(sent(&anna).await[0].opened_at.is_some(), "the patient sees when it was opened (MSG-8)");

        nurse.portal.claim_thread(anna.patient(), thread.id).await.unwrap();
        assert_eq!(queue(&nurse, QueueFolder::Mine).await.items.len(), 1);
        answer(&nurse, &anna, &thread, "Does it hurt?").await;
        assert!(queue(&nurse, QueueFolder::Waiting).await.items.is_empty(), "nobody waits");

        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((inbox.unread, inbox.items[0].kind, inbox.items[0].subject_id), (1, ItemKind::Message, thread.id.0));
        let read = anna.portal.thread(anna.patient(), thread.id).await.unwrap();
        assert!(read.unread && read.messages[1].author.starts_with("Staff") && !read.messages[1].can_recall);
        anna.portal.mark_thread_read(anna.patient(), thread.id).await.unwrap();
        assert!(!anna.portal.thread(anna.patient(), thread.id).await.unwrap().unread);
        assert!(open(&nurse, &anna, &thread).await.messages[1].opened_at.is_some());

        let replied = answer(&anna, &anna, &thread, "Yes.").await;
        assert_eq!(replied.messages.iter().map(|message| message.side).collect::<Vec<_>>(), [Side::Patient, Side::Staff, Side::Patient]);
        assert_eq!(queue(&nurse, QueueFolder::Mine).await.items.len(), 1, "the owner has it again");
        answer(&nurse, &anna, &thread, "Come by.").await;
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items.len(), 1, "a thread stands in the inbox once");
    }

    async fn a_message_is_recalled_until_it_was_opened_and_then_staff_see_only_when(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let first = write(&anna, &anna, &text(nurses, "Zebra", "Striped words.")).await;
        let recalled = anna.portal.recall_message(anna.patient(), first.messages[0].id, Uuid::new_v4()).await.unwrap();
        assert_eq!((recalled.subject, recalled.messages[0].text.clone()), (None, None));
        assert!(queue(&nurse, QueueFolder::Waiting).await.items.is_empty(), "nobody waits for an answer to nothing");
        let seen = open(&nurse, &anna, &first).await;
        assert_eq!((seen.entry.subject, seen.messages[0].text.clone()), (None, None));
        assert!(seen.messages[0].recalled_at.is_some());
        let again = anna.portal.recall_message(anna.patient(), first.messages[0].id, Uuid::new_v4()).await;
        assert_eq!(refused(again).code, Code::WrongState);

        let second = write(&anna, &anna, &text(nurses, "Horse", "Plain words.")).await;
        open(&nurse, &anna, &second).await;
        let late = anna.portal.recall_message(anna.patient(), second.messages[0].id, Uuid::new_v4()).await;
        assert_eq!(refused(late).code, Code::MessageOpened);
    }

    async fn staff_read_what_came_before_they_answer_and_nothing_that_they_did_not_open(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        let opened = open(&nurse, &anna, &thread).await;
        let reply = DraftText { thread_id: Some(thread.id), text: "Use a cream.".into(), ..DraftText::default() };
        let draft = nurse.portal.begin_draft(anna.patient(), &reply, Uuid::new_v4()).await.unwrap();

        // Meanwhile the patient writes again.
        let again = answer(&anna, &anna, &thread, "A quokka bit me.").await;
        let problem = refused(nurse.portal.send_draft(anna.patient(), &draft, Uuid::new_v4()).await);
        assert_eq!(problem.code, Code::WrongState);
        let note = NewNote { text: "Called.".into() };
        let noted = nurse.portal.add_note(anna.patient(), thread.id, &note, Uuid::new_v4()).await.unwrap();
        assert_eq!(noted.messages[1].text, None, "a note opens nothing");
        assert!(search(&nurse, "quokka").await.items.is_empty(), "nor does a search tell what was not opened");
        anna.portal.recall_message(anna.patient(), again.messages[1].id, Uuid::new_v4()).await.unwrap();
        nurse.portal.send_draft(anna.patient(), &draft, Uuid::new_v4()).await.unwrap();
        assert!(queue(&nurse, QueueFolder::Waiting).await.items.is_empty());
        assert_eq!(opened.messages.len(), 1);
    }

    async fn in_a_closed_thread_nobody_waits_whatever_is_taken_back(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        let second = answer(&anna, &anna, &thread, "Still.").await;
        let entry = queue(&nurse, QueueFolder::Waiting).await.items[0].clone();
        nurse.portal.close_thread(&entry).await.unwrap();
        anna.portal.recall_message(anna.patient(), second.messages[1].id, Uuid::new_v4()).await.unwrap();
        assert!(queue(&nurse, QueueFolder::Waiting).await.items.is_empty());
    }

    async fn a_repeat_of_a_sending_never_tells_a_text_that_was_taken_back(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let content = text(nurses, "Rash", "It itches.");
        let draft = anna.portal.begin_draft(anna.patient(), &content, Uuid::new_v4()).await.unwrap();
        let key = Uuid::new_v4();
        let sent = anna.portal.send_draft(anna.patient(), &draft, key).await.unwrap();
        anna.portal.recall_message(anna.patient(), sent.messages[0].id, Uuid::new_v4()).await.unwrap();
        let repeated = anna.portal.send_draft(anna.patient(), &draft, key).await.unwrap();
        assert_eq!((repeated.id, repeated.messages[0].text.clone()), (sent.id, None));
    }

    async fn a_thread_tells_why_it_takes_no_answer(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let thread = write(&anna, &anna, &text(nurses, "Rash", "It itches.")).await;
        let closed = nurse.portal.close_thread(&open(&nurse, &anna, &thread).await.entry).await.unwrap();
        assert_eq!((closed.state, closed.waiting_since), (ThreadState::Closed, None));
        let view = anna.portal.thread(anna.patient(), thread.id).await.unwrap();
        assert_eq!((view.can_reply, view.reason), (false, Some(NoReply::Closed)));
        let content = DraftText { thread_id: Some(thread.id), text: "But".into(), ..DraftText::default() };
        let draft = anna.portal.begin_draft(anna.patient(), &content, Uuid::new_v4()).await.unwrap();
        let problem = refused(anna.portal.send_draft(anna.patient(), &draft, Uuid::new_v4()).await);
        assert_eq!((problem.code, problem.detail.as_deref()), (Code::NoReply, Some("The reason is closed.")));
        assert_eq!(anna.portal.drafts(anna.patient(), &Default::default()).await.unwrap().items.len(), 1, "nothing is lost");

        let reopened = nurse.portal.reopen_thread(&closed).await.unwrap();
        assert!(reopened.waiting_since.is_some(), "the message that nobody answered waits again");
        assert!(anna.portal.thread(anna.patient(), thread.id).await.unwrap().can_reply);
    }

    async fn drafts_are_saved_half_written_and_a_second_page_does_not_overwrite_the_first(portal) {
        let anna = portal.patient("Anna").await;
        let half = DraftText { text: "I have ".into(), ..DraftText::default() };
        let begun = anna.portal.begin_draft(anna.patient(), &half, Uuid::new_v4()).await.unwrap();
        let more = DraftText { text: "I have a rash".into(), ..DraftText::default() };
        let saved = anna.portal.save_draft(anna.patient(), &begun, &more).await.unwrap();
        assert!(saved.version > begun.version);
        let other = DraftText { text: "I have a cough".into(), ..DraftText::default() };
        assert_eq!(refused(anna.portal.save_draft(anna.patient(), &begun, &other).await).code, Code::StaleVersion);
        assert_eq!(anna.portal.draft(anna.patient(), begun.id).await.unwrap().content.text, "I have a rash");
        let problem = refused(anna.portal.send_draft(anna.patient(), &saved, Uuid::new_v4()).await);
        let fields: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!((problem.code, fields), (Code::Invalid, vec!["team_id", "subject"]));
        for _ in 1..50 {
            anna.portal.begin_draft(anna.patient(), &half, Uuid::new_v4()).await.unwrap();
        }
        let one_more = anna.portal.begin_draft(anna.patient(), &half, Uuid::new_v4()).await;
        assert_eq!(refused(one_more).code, Code::TooManyDrafts);
    }

    async fn the_mailbox_is_searched_by_words_and_items_go_into_the_archive_and_back(portal) {
        let (anna, nurse) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let thread = write(&anna, &anna, &text(nurses, "Ringelröteln", "Naïve question.")).await;
        answer(&nurse, &anna, &thread, "Measured 38.5 degrees?").await;
        let found = async |q: &str| {
            let inbox = anna.portal.inbox(anna.patient(), &words(q)).await.unwrap().items.len();
            let sent = anna.portal.sent_items(anna.patient(), &words(q)).await.unwrap().items.len();
            (inbox, sent)
        };
        assert_eq!(found("ringelrot naive").await, (1, 1), "beginnings of words, without accents");
        assert_eq!(found("DEGREES measured").await, (1, 1));
        assert_eq!(found("naive cough").await, (0, 0), "every word must be there");
        assert_eq!(found("?!").await, (1, 1), "no word is no search");

        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        anna.portal.archive_item(anna.patient(), inbox.items[0].id).await.unwrap();
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!((inbox.items.len(), inbox.unread), (0, 0));
        let archive = InboxQuery { folder: Some(Folder::Archive), ..InboxQuery::default() };
        let kept = anna.portal.inbox(anna.patient(), &archive).await.unwrap();
        assert!(kept.items[0].archived);
        anna.portal.unarchive_item(anna.patient(), kept.items[0].id).await.unwrap();
        assert_eq!(anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap().unread, 1);
    }

    async fn a_thread_goes_to_another_team_with_a_note_and_the_patient_hears_nothing(portal) {
        let (anna, nurse, desk) = (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.desk().await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let visits = team(&portal, TeamCategory::Visits, &[&desk]).await;
        let thread = write(&anna, &anna, &text(nurses, "A form", "Please sign my form.")).await;
        let entry = open(&nurse, &anna, &thread).await.entry;
        let to = Rerouting { team_id: visits, note: "Paperwork".into() };
        nurse.portal.reroute_thread(&entry, &to).await.unwrap();
        assert_eq!(refused(nurse.portal.reroute_thread(&entry, &to).await).code, Code::RoleRequired);
        assert!(queue(&nurse, QueueFolder::Open).await.items.is_empty());
        assert_eq!(search(&desk, "paperwork form").await.items.len(), 1);
        assert!(search(&nurse, "form").await.items.is_empty());
        let seen = open(&desk, &anna, &thread).await;
        assert_eq!(seen.messages[1].side, Side::Note);
        assert!(anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap().items.is_empty());
    }

    async fn threads_are_closed_together_each_for_itself(portal) {
        let (anna, nurse, other) =
            (portal.patient("Anna").await, portal.staff(Role::Nurse).await, portal.staff(Role::Nurse).await);
        let nurses = team(&portal, TeamCategory::Health, &[&nurse]).await;
        let others = team(&portal, TeamCategory::Health, &[&other]).await;
        let fine = write(&anna, &anna, &text(nurses, "One", "1")).await;
        let stale = write(&anna, &anna, &text(nurses, "Two", "2")).await;
        let foreign = write(&anna, &anna, &text(others, "Three", "3")).await;
        let unread = write(&anna, &anna, &text(nurses, "Four", "4")).await;
        let version = |of: &ThreadView, list: &QueueList| list.items.iter().find(|entry| entry.thread_id == of.id).unwrap().version;
        let seen = open(&nurse, &anna, &fine).await.entry;
        let list = queue(&nurse, QueueFolder::Waiting).await;
        let threads = vec![
            Selected { thread_id: fine.id, version: seen.version },
            Selected { thread_id: unread.id, version: version(&unread, &list) },
            Selected { thread_id: stale.id, version: 99 },
            Selected { thread_id: foreign.id, version: 1 },
        ];
        let outcomes = nurse.portal.close_threads(&portal_domain::messages::Closing { threads }).await.unwrap();
        let codes: Vec<_> = outcomes.iter().map(|outcome| outcome.problem.as_ref().map(|problem| problem.code)).collect();
        assert_eq!(codes, [None, Some(Code::WrongState), Some(Code::StaleVersion), Some(Code::RoleRequired)]);
        assert_eq!(queue(&nurse, QueueFolder::Closed).await.items.len(), 1);
        let of_fine = recorded(&portal, &nurse, &fine).await;
        assert_eq!(of_fine, [Outcome::Done; 2], "opened and closed");
        for (thread, outcome) in [(&unread, Outcome::Refused), (&stale, Outcome::Refused), (&foreign, Outcome::Refused)] {
            assert_eq!(recorded(&portal, &nurse, thread).await, [outcome], "the trail says what came of each");
        }
        assert_eq!(queue(&nurse, QueueFolder::Waiting).await.items.len(), 2);
    }
}
