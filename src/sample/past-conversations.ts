import { setTimeout as pause } from 'node:timers/promises';
import { addNote, markFetched, receiveEvents, resolveConversation, sayAsPerson, waitsForAnswer } from '../conversations/index.ts';
import type { Workspace } from '../workspace.ts';
import { sendVoice } from './voice-note.ts';

const HOUR = 3600_000;
const ANSWERED_WITHIN_MS = 20_000;

interface Past {
  name: string;
  language: string;
  /** How long ago it ended. */
  agoMs: number;
  /** A customer's line, or what a member does. */
  lines: (string | { voice: string } | { person: string } | { note: string } | { done: true })[];
}

const PAST: Past[] = [
  { name: 'Priya Nair', language: 'en', agoMs: 26 * HOUR, lines: ['Do you have oat milk? And soy?', 'Is there Wi-Fi?', { done: true }] },
  { name: 'Emily Clark', language: 'en', agoMs: 7.5 * HOUR, lines: ['Can I return a voucher?'] },
  { name: 'Leyla Demir', language: 'de', agoMs: 5 * HOUR, lines: ['Gibt es vegane Kuchen?', 'Und habt ihr am Sonntag geöffnet?'] },
  { name: 'Sofia Rossi', language: 'en', agoMs: 2.2 * HOUR, lines: ['Can I bring my dog?', 'Can I book a table for six?'] },
  {
    name: 'Jonas Weber',
    language: 'en',
    agoMs: 1.5 * HOUR,
    lines: [
      'Do you make birthday cakes for 12 people?',
      'Can you change my order 3081 to the almond one?',
      { note: '3081 is on the whiteboard, not paid yet. Almond is €4 more.' },
      { person: 'Hi Jonas, Mira here. Done: 3081 is the almond one now, €4 more.' },
      { voice: 'Perfect! Could you write “Happy 40th, Ida” on it?' },
      { person: 'Of course. Dark or white chocolate?' },
    ],
  },
  {
    name: 'Tomasz Zieliński',
    language: 'en',
    agoMs: 0.4 * HOUR,
    lines: ['How much is delivery to Spandau?', 'Can I talk to a person about a wedding cake?'],
  },
  { name: 'نور الخطيب', language: 'ar', agoMs: 0.1 * HOUR, lines: ['هل لديكم قاعة لحفلة عيد ميلاد؟'] },
];

/** A few conversations that went before, said through the same doors, then moved back in time. */
export async function tellPast(ws: Workspace, channelId: number, userId: number): Promise<void> {
  for (const [index, past] of PAST.entries()) {
    const visitor = `sample-${index + 1}`;
    let conversationId = 0;
    for (const [line, said] of past.lines.entries()) {
      const externalId = `${visitor}-${line}`;
      if (typeof said === 'string') conversationId = await write(ws, channelId, past, visitor, externalId, said);
      else if ('voice' in said) await sendVoice(ws, channelId, { ...past, thread: visitor, externalId, text: said.voice });
      else act(ws, conversationId, userId, said);
    }
    moveBack(ws, conversationId, past.agoMs);
  }
}

async function write(ws: Workspace, channelId: number, past: Past, visitor: string, externalId: string, text: string): Promise<number> {
  const [received] = await receiveEvents(ws, channelId, [
    {
      type: 'message',
      thread: visitor,
      sender: { externalId: visitor, displayName: past.name, language: past.language },
      externalId,
      saidAt: ws.clock.now(),
      parts: [{ kind: 'text', text }],
    },
  ]);
  const id = received?.conversationId ?? 0;
  const until = ws.clock.steady() + ANSWERED_WITHIN_MS;
  while (botsTurn(ws, id) && waitsForAnswer(ws, id) && ws.clock.steady() < until) await pause(10);
  markFetched(ws, id, Number.MAX_SAFE_INTEGER);
  return id;
}

function botsTurn(ws: Workspace, id: number): boolean {
  return ws.prepare('SELECT turn FROM conversations WHERE id = ?').pluck().get(id) === 'bot';
}

function act(
  ws: Workspace,
  conversationId: number,
  userId: number,
  said: Exclude<Past['lines'][number], string | { voice: string }>,
): void {
  if ('done' in said) resolveConversation(ws, conversationId, userId);
  else if ('note' in said) addNote(ws, { conversationId, userId, text: said.note });
  else sayAsPerson(ws, { conversationId, userId, text: said.person });
  markFetched(ws, conversationId, Number.MAX_SAFE_INTEGER);
}

/** Two minutes lie between two messages; the last was `agoMs` ago. */
function moveBack(ws: Workspace, conversationId: number, agoMs: number): void {
  const last = ws.clock.now() - agoMs;
  ws.write(() => {
    const ids = ws.prepare('SELECT id FROM messages WHERE conversation_id = ? ORDER BY id DESC').pluck().all(conversationId) as number[];
    for (const [index, id] of ids.entries()) {
      const at = last - index * 120_000;
      ws.prepare('UPDATE messages SET said_at = ?, created_at = ? WHERE id = ?').run(at, at, id);
      ws.prepare('UPDATE deliveries SET queued_at = ?, sent_at = ?, delivered_at = ? WHERE message_id = ?').run(at, at, at, id);
      ws.prepare('UPDATE runs SET started_at = ?, ended_at = ? WHERE id = (SELECT run_id FROM messages WHERE id = ?)').run(at, at, id);
    }
    const first = last - ids.length * 120_000;
    ws.prepare(
      'UPDATE conversations SET created_at = ?, last_at = ?, wanted_since = CASE WHEN wanted_since IS NULL THEN NULL ELSE ? END WHERE id = ?',
    ).run(first, last, last, conversationId);
    ws.prepare('UPDATE notices_shown SET at = ? WHERE identity_id = (SELECT identity_id FROM conversations WHERE id = ?)').run(
      first,
      conversationId,
    );
    ws.prepare('UPDATE contacts SET created_at = ? WHERE id = (SELECT contact_id FROM conversations WHERE id = ?)').run(
      first,
      conversationId,
    );
  });
}
