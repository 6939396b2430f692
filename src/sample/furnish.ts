/** `--sample`: Café Aurora, furnished through the same doors that people use, answering without key or network. */
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createOwner } from '../accounts/index.ts';
import { createBot, publishDraft, saveDraft } from '../bots/index.ts';
import { addChannel } from '../channels/index.ts';
import type { Installation } from '../installation.ts';
import { addFile, addQuestions, addText } from '../knowledge/index.ts';
import { randomToken } from '../lib/ids.ts';
import type { Workspace } from '../workspace.ts';
import { knowContacts } from './past-contacts.ts';
import { tellPast } from './past-conversations.ts';
import { importPast } from './past-imports.ts';
import { markPast } from './past-marks.ts';
import { tellOutage } from './past-outage.ts';
import { ratePast } from './past-rating.ts';
import { testAnswers } from './past-tests.ts';
import { callTools, haveTools } from './past-tools.ts';
import { beginWriting } from './past-writing.ts';
import { readSample, writeSample, type Sample } from './sample-file.ts';

const FILES = join(import.meta.dirname, 'cafe-aurora');
const READ_WITHIN_MS = 60_000;

/**
 * Furnishes an empty installation with Café Aurora, once; returns what to open, as lines for the console. Work must be
 * running: sources are read and past questions answered by the same jobs as ever.
 */
export async function furnish(installation: Installation): Promise<string[]> {
  const known = readSample(installation.settings);
  if (known) return saying(installation, known);
  const password = randomToken().slice(0, 16);
  const email = 'mira@aurora.example';
  const owner = await createOwner(
    installation,
    { firstName: 'Mira', lastName: 'Aydın', email, company: 'Café Aurora', country: 'DE', password },
    { name: 'Café Aurora', website: 'https://aurora.example', language: 'en', timezone: 'Europe/Berlin', currency: 'EUR' },
  );
  if (owner.outcome !== 'made')
    return ['This data folder is in use already, so no sample was put into it. For one, start with an empty DATA_DIR.'];
  const sample = await installation.workspaces.use(owner.workspaceId, async (ws) => {
    const tools = haveTools(ws, owner.userId);
    const botId = makeBot(ws, owner.userId, tools);
    await teach(ws, owner.userId);
    const widget = await addChannel(ws, { kind: 'widget', settings: { colour: '#8a3b1d' }, botId, userId: owner.userId });
    const made = { workspace: ws.id, widget: widget.publicId, email, password };
    writeSample(installation.settings, made);
    await tellPast(ws, widget.id, owner.userId);
    await ratePast(ws, widget.id, 'Priya Nair');
    markPast(ws, owner.userId);
    callTools(ws, 'Sofia Rossi', tools);
    tellOutage(ws, 'Emily Clark');
    knowContacts(ws, owner.userId);
    await importPast(ws, owner.userId);
    beginWriting(ws, owner.userId);
    await testAnswers(ws, botId, owner.userId);
    return made;
  });
  return saying(installation, sample);
}

function makeBot(ws: Workspace, userId: number, tools: number[]): number {
  const { botId } = createBot(ws, {
    userId,
    settings: {
      name: 'Aurora',
      avatar: '☕',
      greeting: 'Hello! Ask me about cakes, tables and opening hours.',
      instructions: 'You answer for Café Aurora, a small café with its own bakery in Berlin.\n\nBe warm and short. Say prices in euros.',
      tone: 'warm',
      starters: ['Are you open on Sunday?', 'Which cakes are vegan?', 'Can I book a table for six?'],
    },
  });
  publishDraft(ws, { botId, userId });
  // What its first day taught: a second version, so that there is a history to look at and to go back in.
  const instructions =
    'You answer for Café Aurora, a small café with its own bakery in Berlin.\n\nBe warm and short. Say prices in euros. Never promise that something is free of an allergen: say what is in it, and that one kitchen bakes everything.';
  const masking = { email: true, phone: false, patterns: [{ name: 'Booking number', pattern: '\\bAU-\\d{4}\\b' }] };
  saveDraft(ws, { botId, changes: { instructions, tools, builtIns: ['hand-over', 'hours'], masking }, userId });
  publishDraft(ws, { botId, userId });
  return botId;
}

async function teach(ws: Workspace, by: number): Promise<void> {
  addText(ws, { title: 'Opening hours', text: read('opening-hours.md'), by });
  addText(ws, { title: 'Öffnungszeiten', text: read('oeffnungszeiten.md'), by });
  addText(ws, { title: 'Delivery and pick-up', text: read('delivery.md'), by });
  addText(ws, { title: 'Vouchers', text: read('vouchers.md'), by });
  const pairs = JSON.parse(read('questions.json')) as Record<'en' | 'de', [string, string][]>;
  addQuestions(ws, { title: 'Questions and answers', pairs: pairs.en.map(([question, answer]) => ({ question, answer })), by });
  addQuestions(ws, { title: 'Fragen und Antworten', pairs: pairs.de.map(([question, answer]) => ({ question, answer })), by });
  await addFile(ws, { name: 'Menu and allergens.pdf', content: createReadStream(join(FILES, 'menu.pdf')), by });
  await addFile(ws, { name: 'Bookings.md', content: createReadStream(join(FILES, 'bookings.md')), by });
  await untilRead(ws);
}

function read(name: string): string {
  return readFileSync(join(FILES, name), 'utf8');
}

async function untilRead(ws: Workspace): Promise<void> {
  const until = ws.clock.steady() + READ_WITHIN_MS;
  while (ws.prepare("SELECT 1 FROM sources WHERE state IN ('waiting', 'reading')").get() !== undefined) {
    if (ws.clock.steady() > until) throw new Error('the sample’s sources were not read in time');
    await pause(20);
  }
}

function saying({ settings }: Installation, sample: Sample): string[] {
  return [
    'The sample: Café Aurora',
    `The website with the bubble:  ${settings.baseUrl}/demo`,
    `The inbox:                    ${settings.baseUrl}/w/${sample.workspace}/inbox`,
    `Sign in as ${sample.email} with the password ${sample.password}`,
    'Ask it here:                  npm run --silent ask -- "Are you open on Sunday?"',
  ];
}
