//! What staff do for an account whose owner can't get in.

use portal_domain::{
    accounts::{IssuedReset, StaffAccount, StaffLocations},
    ids::{AccountId, PatientId},
    practice::{Policies, PoliciesView},
};

use crate::http::{Portal, Request, Result};

impl Portal {
    /// Hands out a reset token to a patient (staff, SEC-6).
    pub async fn issue_reset(&self, patient: PatientId) -> Result<IssuedReset> {
        self.call(Request::post(format!("/api/v1/patients/{patient}/account/reset-tokens"))).await
    }

    /// Opens a patient's account to sign-ins after too many failures (staff, SEC-4).
    pub async fn unlock(&self, patient: PatientId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/patients/{patient}/account/unlock"))).await
    }

    /// Takes a patient's second step away because the device is lost (staff, SEC-2).
    pub async fn reset_second_step(&self, patient: PatientId) -> Result<()> {
        self.done(Request::delete(format!("/api/v1/patients/{patient}/account/second-step"))).await
    }

    /// The accounts of staff, by name (administrators).
    pub async fn staff_accounts(&self) -> Result<Vec<StaffAccount>> {
        self.call(Request::get("/api/v1/staff-accounts")).await
    }

    /// Hands out a reset token to a member of staff (administrators).
    pub async fn issue_staff_reset(&self, account: AccountId) -> Result<IssuedReset> {
        self.call(Request::post(format!("/api/v1/staff-accounts/{account}/reset-tokens"))).await
    }

    /// Opens the account of a member of staff after too many failures (administrators).
    pub async fn unlock_staff(&self, account: AccountId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/staff-accounts/{account}/unlock"))).await
    }

    /// Takes the second step of a member of staff away (administrators).
    pub async fn reset_staff_second_step(&self, account: AccountId) -> Result<()> {
        self.done(Request::delete(format!("/api/v1/staff-accounts/{account}/second-step"))).await
    }

    /// Switches the account of a member of staff off; every session ends (administrators).
    pub async fn disable_staff(&self, account: AccountId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/staff-accounts/{account}/disable"))).await
    }

    /// Switches it on again (administrators).
    pub async fn enable_staff(&self, account: AccountId) -> Result<()> {
        self.done(Request::post(format!("/api/v1/staff-accounts/{account}/enable"))).await
    }

    /// Sets where a member of staff works; nowhere is the whole practice (administrators, ADM-6).
    pub async fn set_staff_locations(&self, account: AccountId, new: &StaffLocations) -> Result<()> {
        self.done(Request::put(format!("/api/v1/staff-accounts/{account}/locations")).json(new)?).await
    }

    /// The practice's policies for accounts (administrators).
    pub async fn policies(&self) -> Result<PoliciesView> {
        self.call(Request::get("/api/v1/practice/policies")).await
    }

    /// Changes the policies, if they still have the version that was seen (administrators).
    pub async fn change_policies(&self, version: i64, policies: &Policies) -> Result<PoliciesView> {
        self.call(Request::put("/api/v1/practice/policies").if_match(version).json(policies)?).await
    }
}
