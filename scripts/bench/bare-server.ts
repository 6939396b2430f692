/**
 * The bare server that figures are compared with: Express 5 and better-sqlite3, group commit at synchronous=FULL, no sign-in,
 * no policy. `POST /messages` stores and answers; `POST /webhook` does the same for what Meta signed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import express, { type Response } from 'express';
import { APP_SECRET } from './webhooks.ts';

const port = Number(process.argv[2]);
const sql = new Database(join(mkdtempSync(join(tmpdir(), 'deskbell-bare-')), 'bare.db'));
sql.pragma('journal_mode = WAL');
sql.pragma('synchronous = FULL');
sql.exec(
  'CREATE TABLE messages (id INTEGER PRIMARY KEY, visitor TEXT NOT NULL, client_id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, at INTEGER NOT NULL)',
);
const insert = sql.prepare('INSERT INTO messages (visitor, client_id, text, at) VALUES (?, ?, ?, ?)');

interface Waiting {
  values: [string, string, string, number];
  done: (id: number) => void;
}
let queue: Waiting[] = [];
const commit = sql.transaction((batch: Waiting[]) => batch.map(({ values }) => Number(insert.run(...values).lastInsertRowid)));

function flush(): void {
  const batch = queue;
  queue = [];
  const ids = commit(batch);
  batch.forEach(({ done }, index) => done(ids[index] ?? 0));
}

const app = express();
app.disable('x-powered-by');
app.get('/livez', (_req, res) => void res.json({ status: 'ok' }));
app.post('/messages', express.json(), (req, res) => {
  const { visitor, clientId, text } = req.body as { visitor: string; clientId: string; text: string };
  store([visitor, clientId, text, Date.now()], res);
});

interface Webhook {
  entry: { changes: { value: { messages: { from: string; id: string; timestamp: string; text: { body: string } }[] } }[] }[];
}

app.post('/webhook', express.raw({ type: () => true }), (req, res) => {
  const raw = req.body as Buffer;
  const given = Buffer.from(String(req.headers['x-hub-signature-256']).slice('sha256='.length), 'hex');
  if (!timingSafeEqual(given, createHmac('sha256', APP_SECRET).update(raw).digest())) return void res.sendStatus(401);
  const [message] = (JSON.parse(raw.toString()) as Webhook).entry.flatMap(({ changes }) => changes.flatMap(({ value }) => value.messages));
  if (message) store([message.from, message.id, message.text.body, Number(message.timestamp) * 1000], res);
});

function store(values: Waiting['values'], res: Response): void {
  queue.push({ values, done: (id) => void res.json({ messageId: id }) });
  if (queue.length === 1) setImmediate(flush);
}

app.listen(port, '127.0.0.1');
