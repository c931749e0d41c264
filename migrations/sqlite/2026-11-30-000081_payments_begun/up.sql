-- A day's payments are compared with the gateway's books (PAY-4).
CREATE INDEX payments_begun ON payments (begun_at);
