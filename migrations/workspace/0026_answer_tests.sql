-- Questions of a bot, each with what is wanted of its answer. One that was taken from a conversation goes with it.
CREATE TABLE answer_tests (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	bot_id integer NOT NULL,
	question text NOT NULL,
	wants text NOT NULL,
	conversation_id integer,
	created_by integer,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	FOREIGN KEY (bot_id) REFERENCES bots(id) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE cascade
);

CREATE INDEX answer_tests_bot ON answer_tests (bot_id);
CREATE INDEX answer_tests_conversation ON answer_tests (conversation_id);

-- Whether a bot's tests hold up its publishing, and how often they are asked by themselves.
CREATE TABLE test_plans (
	bot_id integer PRIMARY KEY NOT NULL,
	blocks integer DEFAULT 0 NOT NULL,
	every text DEFAULT 'never' NOT NULL,
	next_at integer,
	updated_by integer,
	updated_at integer NOT NULL
);

-- One time that all of a bot's tests were asked, or its customers' questions were asked again; of the draft what it was then.
CREATE TABLE test_rounds (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	bot_id integer NOT NULL,
	bot_version_id integer NOT NULL,
	version_number integer NOT NULL,
	settings text NOT NULL,
	settings_sign text NOT NULL,
	tests_sign text NOT NULL,
	kind text NOT NULL,
	cause text NOT NULL,
	state text NOT NULL,
	says text,
	asked_by integer,
	created_at integer NOT NULL,
	ended_at integer,
	FOREIGN KEY (bot_version_id) REFERENCES bot_versions(id) ON UPDATE no action ON DELETE no action
);

CREATE INDEX test_rounds_bot ON test_rounds (bot_id);
-- One at a time.
CREATE UNIQUE INDEX test_rounds_going ON test_rounds (bot_id) WHERE state <> 'done';

CREATE TABLE test_results (
	id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	round_id integer NOT NULL,
	position integer NOT NULL,
	test_id integer,
	conversation_id integer,
	question text NOT NULL,
	wants text,
	before_answer text,
	state text NOT NULL,
	says text,
	checks text,
	answer text,
	by_person integer,
	run_id integer,
	judge_run_id integer,
	tries integer DEFAULT 0 NOT NULL,
	total_ms integer,
	cost_micros integer,
	currency text,
	ended_at integer,
	FOREIGN KEY (round_id) REFERENCES test_rounds(id) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (test_id) REFERENCES answer_tests(id) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON UPDATE no action ON DELETE cascade
);

CREATE UNIQUE INDEX test_results_place ON test_results (round_id, position);
CREATE INDEX test_results_test ON test_results (test_id);
CREATE INDEX test_results_conversation ON test_results (conversation_id);

-- Where a customer's question was asked again, the runs hold its words, too. They belong to no conversation, or they would
-- count as its answers; so they go with the result.
CREATE TRIGGER forget_asked_again AFTER DELETE ON test_results WHEN old.conversation_id IS NOT NULL
BEGIN
	DELETE FROM tool_calls WHERE run_id IN (old.run_id, old.judge_run_id);
	DELETE FROM provider_calls WHERE run_id IN (old.run_id, old.judge_run_id);
	DELETE FROM runs WHERE id IN (old.run_id, old.judge_run_id);
END;

-- One that is asked anew leaves what its call cost behind, but no words.
CREATE TRIGGER forget_asked_anew AFTER UPDATE OF run_id, judge_run_id ON test_results WHEN old.conversation_id IS NOT NULL
BEGIN
	DELETE FROM tool_calls WHERE run_id = old.run_id AND new.run_id IS NOT old.run_id;
	UPDATE runs SET question = NULL, passages = '[]', prompt = '[]', answer = NULL, shown = NULL
	WHERE (id = old.run_id AND new.run_id IS NOT old.run_id) OR (id = old.judge_run_id AND new.judge_run_id IS NOT old.judge_run_id);
END;
