//! How much one caller may ask (API-1): a bucket for each account or client, and for each network address of those who
//! are not signed in. Sign-in, enrolment and tokens have a tighter one, always by address.
//!
//! Buckets live in memory, one set a process; what must survive a restart (wrong passwords) is counted elsewhere.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Weak},
    time::Duration,
};

use actix_web::{
    Error, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use uuid::Uuid;

use super::{auth, origin};
use crate::app::App;

/// How often buckets that are full again are forgotten.
const SWEEP: Duration = Duration::from_secs(60);

/// How much a bucket holds and how fast it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second in the long run; 0 switches the limit off.
    pub per_second: u32,
    /// Requests at once after a pause.
    pub burst: u32,
}

/// Whose bucket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Caller {
    /// An account or client, wherever it comes from.
    Actor(Uuid),
    /// Somebody who is not signed in; a whole /64 of IPv6 is one.
    Address(IpAddr),
}

/// The buckets of one rate.
struct Buckets {
    rate: Rate,
    limiter: RateLimiter<Caller, DefaultKeyedStateStore<Caller>, DefaultClock, StateInformationMiddleware>,
}

/// Every bucket of this process.
pub struct Limits {
    asking: Option<Arc<Buckets>>,
    entering: Option<Arc<Buckets>>,
}

/// What a bucket says of one request.
struct Standing {
    limit: u32,
    /// Requests left at once.
    remaining: u32,
    /// Seconds until the bucket is full again.
    reset: u64,
    /// Seconds until the next request fits, when this one does not.
    refused_for: Option<i64>,
}

impl Buckets {
    fn new(rate: Rate) -> Option<Arc<Self>> {
        let quota = Quota::per_second(NonZeroU32::new(rate.per_second)?);
        let quota = quota.allow_burst(NonZeroU32::new(rate.burst)?);
        let limiter = RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>();
        Some(Arc::new(Self { rate, limiter }))
    }

    fn ask(&self, caller: &Caller) -> Standing {
        let Rate { per_second, burst } = self.rate;
        let (remaining, refused_for) = match self.limiter.check_key(caller) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                (0, Some(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1)))
            }
        };
        let reset = u64::from(burst.saturating_sub(remaining)).div_ceil(u64::from(per_second));
        Standing { limit: burst, remaining, reset, refused_for }
    }
}

impl Limits {
    /// Empty buckets; a task forgets those that are full again, so that memory follows the callers of the last minute.
    pub fn start(asking: Rate, entering: Rate) -> Self {
        let limits = Self { asking: Buckets::new(asking), entering: Buckets::new(entering) };
        let all: Vec<Weak<Buckets>> =
            [&limits.asking, &limits.entering].into_iter().flatten().map(Arc::downgrade).collect();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SWEEP).await;
                let live: Vec<Arc<Buckets>> = all.iter().filter_map(Weak::upgrade).collect();
                if live.is_empty() {
                    return;
                }
                live.iter().for_each(|buckets| buckets.limiter.retain_recent());
            }
        });
        limits
    }
}

/// Middleware: counts what is asked of the API, says so in the answer's headers, and refuses what is too much.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let Some(standing) = standing(&app, &request).await else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let mut answer = match standing.refused_for {
        Some(retry_after_seconds) => {
            let refusal = crate::error::Error::TooManyRequests { retry_after_seconds };
            request.into_response(refusal.error_response()).map_into_right_body()
        }
        None => next.call(request).await?.map_into_left_body(),
    };
    standing.tell(answer.headers_mut());
    Ok(answer)
}

/// The standing of whoever asks; none where nothing is counted: page files, probes, keys.
async fn standing(app: &App, request: &ServiceRequest) -> Option<Standing> {
    let path = request.path();
    if !path.starts_with("/api/") && !path.starts_with("/oauth/") {
        return None;
    }
    let address = || {
        let address = origin::address(request.request(), &app.settings);
        Caller::Address(address.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), network))
    };
    if enters(request.method(), path) {
        return Some(app.limits.entering.as_ref()?.ask(&address()));
    }
    let buckets = app.limits.asking.as_ref()?;
    let actor = auth::identify_once(request.request()).await;
    Some(buckets.ask(&actor.map_or_else(address, Caller::Actor)))
}

/// Whether this is a try at a password, an enrolment token, the pass code of a sent copy or a client's secret.
fn enters(method: &Method, path: &str) -> bool {
    *method == Method::POST
        && (path == "/api/v1/session"
            || path.starts_with("/api/v1/session/passkey")
            || path.starts_with("/api/v1/enrolment/")
            || path.starts_with("/api/v1/transmissions/")
            || path.starts_with("/oauth/"))
}

/// One household or host: an address of IPv4, the upper half of one of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => four.into(),
            None => Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64)).into(),
        },
    }
}

impl Standing {
    /// The three fields of draft-ietf-httpapi-ratelimit-headers-06.
    fn tell(&self, headers: &mut HeaderMap) {
        let mut set = |name, value| headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        set("ratelimit-limit", u64::from(self.limit));
        set("ratelimit-remaining", u64::from(self.remaining));
        set("ratelimit-reset", self.reset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_counts_down_and_refuses_with_the_time_to_wait() {
        let buckets = Buckets::new(Rate { per_second: 1, burst: 2 }).unwrap();
        let anna = Caller::Actor(Uuid::from_u128(1));
        let left: Vec<u32> = (0..2).map(|_| buckets.ask(&anna).remaining).collect();
        assert_eq!(left, [1, 0]);
        let refused = buckets.ask(&anna);
        assert_eq!((refused.remaining, refused.refused_for, refused.reset), (0, Some(1), 2));
        assert_eq!(
            buckets.ask(&Caller::Actor(Uuid::from_u128(2))).refused_for,
            None,
            "others have their own"
        );
    }

    #[test]
    fn a_rate_of_nothing_is_no_limit() {
        assert!(Buckets::new(Rate { per_second: 0, burst: 10 }).is_none());
    }

    #[test]
    fn a_household_is_one_caller() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
