-- What may be spent, by bot (0: everything together), in the business's currency. Null: no ceiling.
CREATE TABLE budgets (
	bot_id integer PRIMARY KEY NOT NULL,
	currency text NOT NULL,
	day_micros integer,
	month_micros integer,
	warn_percent integer DEFAULT 80 NOT NULL,
	-- What a call counts whose price nobody knows; null refuses it. Of the row of everything alone.
	assumed_micros integer,
	updated_by integer,
	updated_at integer NOT NULL
);

-- What was spent and what calls under way hold, by day of the business's zone: kept by each call's own transactions, so that a
-- sum reads a month's rows at most. A bot's spending stands in its own row and in that of everything (0).
CREATE TABLE spend (
	bot_id integer NOT NULL,
	currency text NOT NULL,
	day text NOT NULL,
	spent_micros integer DEFAULT 0 NOT NULL,
	held_micros integer DEFAULT 0 NOT NULL,
	calls integer DEFAULT 0 NOT NULL,
	unpriced integer DEFAULT 0 NOT NULL,
	PRIMARY KEY (bot_id, currency, day)
) WITHOUT ROWID;

-- Who was told of a budget once isn't told again in the same day or month.
CREATE TABLE budget_notices (
	bot_id integer NOT NULL,
	period text NOT NULL,
	level text NOT NULL,
	at integer NOT NULL,
	PRIMARY KEY (bot_id, period, level)
) WITHOUT ROWID;

-- Millionths of the one currency for a unit of the other, as the owner set them.
CREATE TABLE exchange_rates (
	from_currency text NOT NULL,
	into_currency text NOT NULL,
	rate_micros integer NOT NULL,
	updated_by integer,
	updated_at integer NOT NULL,
	PRIMARY KEY (from_currency, into_currency)
) WITHOUT ROWID;

-- A call is its own reservation: what it holds while it is open, and what it spent afterwards.
ALTER TABLE provider_calls ADD bot_id integer;
ALTER TABLE provider_calls ADD spend_day text;
ALTER TABLE provider_calls ADD spend_currency text;
ALTER TABLE provider_calls ADD spend_micros integer;

-- A conversation that is deleted while its answer is under way takes the call away: what it held counts as spent.
CREATE TRIGGER settle_deleted_call AFTER DELETE ON provider_calls WHEN old.state = 'open' AND old.spend_day IS NOT NULL
BEGIN
	UPDATE spend SET held_micros = held_micros - old.spend_micros, spent_micros = spent_micros + old.spend_micros
	WHERE bot_id IN (0, old.bot_id) AND currency = old.spend_currency AND day = old.spend_day;
END;
