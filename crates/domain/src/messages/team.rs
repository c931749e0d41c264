//! Care teams: who answers what, for which location, and how soon.

use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    ids::{AccountId, LocationId, TeamId, TemplateId},
    problem::{FieldError, Problem},
    text::{self, Lines},
    time::Time,
    words::words,
};

words! {
    /// What a care team is asked, in plain words on the page.
    TeamCategory {
        /// A question about health, symptoms or a test.
        Health = "health",
        /// Medications and refills.
        Medications = "medications",
        /// Visits, referrals, forms.
        Visits = "visits",
        /// Bills and insurance.
        Billing = "billing",
        /// The health record and copies of it.
        Records = "records",
        /// Using this portal.
        PortalHelp = "portal_help",
    }
}

impl TeamCategory {
    /// The roles that work in such a team's queue (ADM-2).
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Health | Self::Medications => &[Role::Nurse, Role::Provider],
            Self::Visits => &[Role::FrontDesk, Role::Nurse],
            Self::Billing => &[Role::Billing, Role::FrontDesk],
            Self::Records => &[Role::Records, Role::FrontDesk],
            Self::PortalHelp => &[Role::FrontDesk, Role::Records, Role::Admin],
        }
    }
}

/// Fewest and most working hours that a team may take to answer.
pub const REPLY_HOURS: std::ops::RangeInclusive<i64> = 1..=240;

/// A care team that a patient may write to, in plain words: what it answers and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamChoice {
    /// The id.
    pub id: TeamId,
    /// Its name, such as `Nurses, Riverside`.
    pub name: String,
    /// What it is asked.
    pub category: TeamCategory,
    /// At which location; null for the whole practice.
    pub location: Option<String>,
    /// In how many hours of working days (Monday to Friday, 24 a day) it usually answers (MSG-5).
    pub reply_hours: i64,
    /// Whether it takes messages.
    pub is_open: bool,
}

/// A member of staff by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffName {
    /// The account.
    pub id: AccountId,
    /// As the portal shows it.
    pub name: String,
}

/// A care team as administrators and its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CareTeamView {
    /// For If-Match.
    pub version: i64,
    /// As patients see it.
    #[serde(flatten)]
    pub team: TeamChoice,
    /// The location's id; null for the whole practice.
    pub location_id: Option<LocationId>,
    /// Who works in its queue, by name.
    pub members: Vec<StaffName>,
    /// The team in whose queue overdue items show as well.
    pub escalates_to: Option<TeamId>,
}

/// A care team to make or change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamEdit {
    /// 1 to 80 characters.
    pub name: String,
    /// What it is asked.
    pub category: TeamCategory,
    /// At which location; null for the whole practice.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// 1 to 240.
    pub reply_hours: i64,
    /// Whether it takes messages.
    pub is_open: bool,
    /// Who works in its queue: members of staff with a role that fits the category.
    pub members: Vec<AccountId>,
    /// The team in whose queue overdue items show as well.
    #[serde(default)]
    pub escalates_to: Option<TeamId>,
}

impl TeamEdit {
    /// The same, cleaned; or every field at fault.
    pub fn check(mut self) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        match text::required("name", &self.name, 80, Lines::One) {
            Ok(name) => self.name = name,
            Err(error) => errors.push(error),
        }
        if !REPLY_HOURS.contains(&self.reply_hours) {
            errors.push(FieldError::new("reply_hours", "out_of_range", "Enter 1 to 240 hours."));
        }
        self.members.sort_unstable();
        self.members.dedup();
        if self.is_open && self.members.is_empty() {
            errors.push(FieldError::new("members", "required", "An open team needs a member."));
        }
        if errors.is_empty() { Ok(self) } else { Err(Problem::invalid(errors)) }
    }
}

/// A text that staff reuse in answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateView {
    /// The id.
    pub id: TemplateId,
    /// For If-Match.
    pub version: i64,
    /// The text.
    #[serde(flatten)]
    pub template: TemplateText,
}

/// A template's own content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateText {
    /// The team that uses it.
    pub team_id: TeamId,
    /// 1 to 80 characters.
    pub title: String,
    /// Plain text, 1 to 10,000 characters.
    pub text: String,
}

impl TemplateText {
    /// The same, cleaned; or every field at fault.
    pub fn check(mut self) -> Result<Self, Problem> {
        let title = text::required("title", &self.title, 80, Lines::One);
        let text = text::required("text", &self.text, super::MAX_BODY, Lines::Many);
        match (title, text) {
            (Ok(title), Ok(text)) => {
                (self.title, self.text) = (title, text);
                Ok(self)
            }
            (title, text) => Err(Problem::invalid([title.err(), text.err()].into_iter().flatten().collect())),
        }
    }
}

/// Who looks after the work of a member of staff who is away (MSG-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CoverView {
    /// Who is away.
    pub away: StaffName,
    /// Who looks after it.
    pub cover: StaffName,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
}

/// An absence to enter: the actor's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCover {
    /// Who looks after the work: a member of one of the actor's teams.
    pub cover: AccountId,
    /// From when.
    pub from: Time,
    /// Until when: later, and not past.
    pub until: Time,
}

impl NewCover {
    /// The same, or the field at fault.
    pub fn check(self, now: Time) -> Result<Self, Problem> {
        if self.until <= self.from || self.until <= now {
            return Err(Problem::field(
                "until",
                "past",
                "Choose an end that lies after the beginning and after now.",
            ));
        }
        Ok(self)
    }
}
