-- Payments per call (x402): one row each, and a row of history for every state it was in.
--
--   claimed   somebody works for it, until lease_until at the latest
--   released  nothing was taken: refused by the facilitator, or the work failed
--   settling  the facilitator was asked to take the money; its answer is not known yet
--   pending   the facilitator has sent the transfer, and does not know yet whether it holds
--   settled   the money was taken; delivered_at says whether the work went out for it
--   failed    the facilitator did not take the money
--   unclear   the nonce was used, and nobody can say for what: a person has to look
--
-- Amounts are whole atomic units of the asset (USDC has six decimals), everywhere.
CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY,
  network TEXT NOT NULL,
  asset TEXT NOT NULL,
  payer TEXT NOT NULL,
  nonce TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  pay_to TEXT NOT NULL,
  user_id TEXT NOT NULL,
  credential TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  url TEXT NOT NULL,
  signature TEXT NOT NULL,
  request TEXT NOT NULL, -- what is sent to the facilitator
  state TEXT NOT NULL CHECK (state IN
    ('claimed', 'released', 'settling', 'pending', 'settled', 'failed', 'unclear')),
  claim TEXT NOT NULL, -- who works for it
  lease_until INTEGER NOT NULL,
  reason TEXT,
  settle_attempts INTEGER NOT NULL DEFAULT 0,
  tx TEXT,
  receipt TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  settled_at INTEGER,
  delivered_at INTEGER
);
-- A signed transfer can be taken once: by network, asset, payer and nonce, however it is encoded.
CREATE UNIQUE INDEX payments_natural_key ON payments (nonce, payer, asset, network);
CREATE INDEX payments_open ON payments (updated_at) WHERE state IN ('settling', 'pending');
CREATE INDEX payments_unclear ON payments (updated_at) WHERE state = 'unclear';
CREATE INDEX payments_without_money ON payments (updated_at)
  WHERE state IN ('claimed', 'released', 'failed');
CREATE INDEX payments_by_settlement ON payments (settled_at) WHERE state = 'settled';
CREATE INDEX payments_by_user ON payments (user_id);

CREATE TABLE payment_events (
  event_id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  tx TEXT
);
CREATE INDEX payment_events_by_payment ON payment_events (payment_id);

CREATE TRIGGER payments_begin AFTER INSERT ON payments BEGIN
  INSERT INTO payment_events (payment_id, at, state, reason, tx)
  VALUES (NEW.payment_id, NEW.updated_at, NEW.state, NEW.reason, NEW.tx);
END;
CREATE TRIGGER payments_go_on AFTER UPDATE OF state ON payments
WHEN NEW.state <> OLD.state OR NEW.state = 'claimed' BEGIN
  INSERT INTO payment_events (payment_id, at, state, reason, tx)
  VALUES (NEW.payment_id, NEW.updated_at, NEW.state, NEW.reason, NEW.tx);
END;
CREATE TRIGGER payments_forget AFTER DELETE ON payments BEGIN
  DELETE FROM payment_events WHERE payment_id = OLD.payment_id;
END;

-- Revenue is counted where it is earned, in the same transaction: what the rows of payments say
-- and what user_analytics says are equal to the last atomic unit.
ALTER TABLE user_analytics ADD COLUMN revenue_atomic INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER payments_earn AFTER UPDATE OF state ON payments
WHEN NEW.state = 'settled' AND OLD.state <> 'settled' BEGIN
  INSERT INTO user_analytics
    (user_id, timestamp, endpoint, credential, requests, revenue_generated, revenue_atomic)
  VALUES (NEW.user_id, NEW.settled_at - NEW.settled_at % 3600, NEW.endpoint, NEW.credential,
    NEW.user_id LIKE 'wallet:%', NEW.amount / 1e6, NEW.amount)
  ON CONFLICT (user_id, timestamp, endpoint, credential) DO UPDATE SET
    requests = requests + excluded.requests,
    revenue_atomic = revenue_atomic + excluded.revenue_atomic,
    revenue_generated = (revenue_atomic + excluded.revenue_atomic) / 1e6;
END;
