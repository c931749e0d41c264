//! A body must have arrived in time: actix bounds how long headers take, and a body never.

use std::{future::Future, io::ErrorKind, task::Poll, time::Duration};

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    middleware::Next,
    web::Data,
};
use futures_util::{StreamExt, stream};
use portal_domain::problem::Code;

use crate::app::App;

/// Middleware: whoever reads the body is told when it is late.
pub async fn middleware(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Some(app) = request.app_data::<Data<App>>() {
        let within = app.settings.body_deadline;
        match request.take_payload() {
            Payload::None => {}
            body => request.set_payload(timed(body, within)),
        }
    }
    next.call(request).await
}

fn timed(mut body: Payload, within: Duration) -> Payload {
    let mut deadline = Box::pin(tokio::time::sleep(within));
    let stream = stream::poll_fn(move |context| {
        // The deadline is looked at first: a body that drips is as late as one that stalls.
        if deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(ErrorKind::TimedOut.into()))));
        }
        body.poll_next_unpin(context)
    });
    Payload::Stream { payload: Box::pin(stream) }
}

/// Why a body could not be read to its end.
pub fn broken(why: &PayloadError) -> Code {
    match why {
        PayloadError::Io(why) if why.kind() == ErrorKind::TimedOut => Code::BodyTooSlow,
        PayloadError::Overflow => Code::PayloadTooLarge,
        _ => Code::BadRequest,
    }
}
