//! Appointment requests and appointments.

use portal_domain::{
    appointments::{AppointmentQuery, AppointmentView, Booking, NewRequest, QueueQuery, Refusal},
    ids::{AppointmentId, PatientId},
    page::Page,
};
use serde::Serialize;
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn path(patient: PatientId, appointment: AppointmentId) -> String {
    format!("/api/v1/patients/{patient}/appointments/{appointment}")
}

/// Where the calendar file of a booked appointment is downloaded (APT-5).
pub fn calendar_path(patient: PatientId, appointment: AppointmentId) -> String {
    format!("{}/calendar.ics", path(patient, appointment))
}

impl Portal {
    /// The practice's requests and appointments, longest waiting first (staff).
    pub async fn appointment_queue(&self, query: &QueueQuery) -> Result<Page<AppointmentView>> {
        self.call(Request::get("/api/v1/appointments").query(query)?).await
    }

    /// A patient's appointments.
    pub async fn appointments(
        &self,
        patient: PatientId,
        query: &AppointmentQuery,
    ) -> Result<Page<AppointmentView>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/appointments")).query(query)?).await
    }

    /// One request or appointment.
    pub async fn appointment(
        &self,
        patient: PatientId,
        appointment: AppointmentId,
    ) -> Result<AppointmentView> {
        self.call(Request::get(path(patient, appointment))).await
    }

    /// Asks for an appointment (APT-1).
    pub async fn request_appointment(
        &self,
        patient: PatientId,
        request: &NewRequest,
        key: Uuid,
    ) -> Result<AppointmentView> {
        let path = format!("/api/v1/patients/{patient}/appointments");
        self.call(Request::post(path).json(request)?.key(key)).await
    }

    /// Takes a request back (APT-4).
    pub async fn recall_appointment(
        &self,
        patient: PatientId,
        appointment: AppointmentId,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.step(patient, appointment, "recall", key).await
    }

    /// Takes the offered time.
    pub async fn accept_appointment(
        &self,
        patient: PatientId,
        appointment: AppointmentId,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.step(patient, appointment, "accept", key).await
    }

    /// Does not want the offered time.
    pub async fn decline_appointment(
        &self,
        patient: PatientId,
        appointment: AppointmentId,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.step(patient, appointment, "decline", key).await
    }

    /// Cancels a booked appointment where the location allows it (APT-3).
    pub async fn cancel_appointment(
        &self,
        patient: PatientId,
        appointment: AppointmentId,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.step(patient, appointment, "cancel", key).await
    }

    /// Books a request (front desk).
    pub async fn approve_appointment(
        &self,
        seen: &AppointmentView,
        booking: &Booking,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.decide(seen, "approve", booking, key).await
    }

    /// Offers another time (front desk).
    pub async fn propose_appointment(
        &self,
        seen: &AppointmentView,
        booking: &Booking,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.decide(seen, "propose", booking, key).await
    }

    /// Says no, with a reason for the patient (front desk).
    pub async fn deny_appointment(
        &self,
        seen: &AppointmentView,
        refusal: &Refusal,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.decide(seen, "deny", refusal, key).await
    }

    /// Cancels a booked appointment for the clinic, with a reason for the patient (front desk).
    pub async fn clinic_cancel_appointment(
        &self,
        seen: &AppointmentView,
        refusal: &Refusal,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.decide(seen, "clinic-cancel", refusal, key).await
    }

    /// The calendar file of a booked appointment (RFC 5545).
    pub async fn calendar_file(&self, patient: PatientId, appointment: AppointmentId) -> Result<String> {
        self.text(Request::get(calendar_path(patient, appointment))).await
    }

    async fn step(
        &self,
        patient: PatientId,
        appointment: AppointmentId,
        step: &str,
        key: Uuid,
    ) -> Result<AppointmentView> {
        self.call(Request::post(format!("{}/{step}", path(patient, appointment))).key(key)).await
    }

    async fn decide(
        &self,
        seen: &AppointmentView,
        step: &str,
        body: &impl Serialize,
        key: Uuid,
    ) -> Result<AppointmentView> {
        let path = format!("{}/{step}", path(seen.patient.id, seen.id));
        self.call(Request::post(path).json(body)?.if_match(seen.version).key(key)).await
    }
}
