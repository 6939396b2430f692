import { TryLater, type Job } from '../../jobs/job.ts';
import { estimateTokens } from '../../lib/tokens.ts';
import {
  costOf,
  isTurnedDown,
  lackOf,
  mayPass,
  noteFailure,
  openProvider,
  priceOf,
  ProviderError,
  type Money,
  type OpenProvider,
  type Price,
  type Transcriber,
  type Transcript,
  type Usage,
} from '../../providers/index.ts';
import { openSealedFile } from '../../vault/sealed-file.ts';
import { bytesText } from '../../web/formats.ts';
import type { Workspace } from '../../workspace.ts';
import { finishWithRun } from '../finish-with-run.ts';
import { closeRun, openRun, type NewRun, type OpenRun, type RunEnd } from '../runs.ts';
import { hearingWay } from './abilities.ts';
import { settle, type Wanted } from './settle-attachment.ts';

/** As often as an answer is tried. */
const TRIES = 3;
/** No codec for speech takes less, and no model listens longer. */
const LEAST_BYTES_A_SECOND = 500;
const LONGEST_SECONDS = 1500;
const USUAL_BYTES_A_SECOND = 2000;
/** Of models that are paid by tokens; where one is paid by time, a second is one token, and what it writes is free. */
const HEARD_A_SECOND = 20;
const WRITTEN_A_SECOND = 6;

const NO_MODEL = 'No model of this bot writes down what was spoken.';
const NO_SOUND = 'This is no sound that can be written down.';
const NOTHING_SAID = 'Nothing was said in it that could be understood.';

/** A recording on its way to a model. */
interface Listening extends Wanted {
  open: OpenProvider;
  transcriber: Transcriber;
  model: string;
  price: Price | null;
}

/** Has a voice note written down: a run of its own, whose call is held for and settled like any. */
export async function transcribeVoice(ws: Workspace, job: Job, wanted: Wanted, signal: AbortSignal): Promise<void> {
  const refuse = (says: string): Promise<void> => job.finish(() => settle(ws, wanted.attachmentId, { says }));
  const listening = prepare(ws, wanted, signal);
  if (typeof listening === 'string') return refuse(listening);
  const opened = await ws.writeTogether(() => openRun(ws, newRunOf(listening)));
  if (!opened.run) return refuse(`It wasn’t written down. ${opened.refused}`);
  const { run } = opened;
  const began = ws.clock.steady();
  const figures = (heard: Transcript | null, error: RunEnd['error']): Omit<RunEnd, 'state' | 'why'> => ({
    answer: heard === null || heard.text === '' ? null : heard.text,
    shown: null,
    firstTokenMs: null,
    totalMs: ws.clock.steady() - began,
    ...counted(listening, heard, error),
    error,
  });
  let heard: Transcript;
  try {
    heard = await listen(listening);
  } catch (error) {
    const known = error instanceof ProviderError ? { kind: error.kind, says: error.says } : null;
    await notHeard(ws, job, listening, { error, run, figures: figures(null, known) });
    return;
  }
  const { text } = heard;
  await finishWithRun(ws, job, { conversationId: wanted.conversation.id, run, figures: figures(heard, null) }, () => {
    closeRun(ws, run, { ...figures(heard, null), state: 'answered', why: null });
    settle(ws, wanted.attachmentId, text === '' ? { says: NOTHING_SAID } : { text, runId: run.runId });
  });
}

/** Who listens, or why nobody does. */
function prepare(ws: Workspace, wanted: Wanted, signal: AbortSignal): Listening | string {
  const way = hearingWay(ws, wanted.version.settings);
  if (!way) return NO_MODEL;
  try {
    const open = openProvider(ws, way.keyId, signal);
    const { transcriber, id } = open.provider;
    if (!transcriber) return NO_MODEL;
    if (!transcriber.takes.includes(wanted.file.mime ?? '')) return NO_SOUND;
    return { ...wanted, open, transcriber, model: way.model, price: priceOf(ws, id, way.model) };
  } catch (error) {
    if (error instanceof ProviderError) return error.says;
    throw error;
  }
}

async function listen({ open, transcriber, model, file }: Listening): Promise<Transcript> {
  const bytes = await openSealedFile(file.path, file.key);
  return transcriber.transcribe(open.access, { model, mime: file.mime ?? '', bytes });
}

function newRunOf({ conversation, version, file, open, model, price }: Listening): NewRun {
  return {
    conversationId: conversation.id,
    botId: version.botId,
    botVersionId: version.id,
    kind: 'transcription',
    answersThrough: null,
    question: '',
    request: {
      model,
      system: '',
      context: '',
      turns: [{ role: 'user', text: `[${file.name ?? 'Voice note'}, ${bytesText(file.bytes)}]` }],
    },
    passages: [],
    searchMs: 0,
    provider: { id: open.provider.id, keyId: open.keyId, host: open.host },
    most: mostOf(price, file.bytes),
  };
}

/** What it can cost at most. */
function mostOf(price: Price | null, bytes: number): Money | null {
  if (!price) return null;
  const seconds = Math.min(LONGEST_SECONDS, Math.ceil(bytes / LEAST_BYTES_A_SECOND));
  return { micros: costOf(price, usageFor(price, seconds)), currency: price.currency };
}

function usageFor({ outputMicros }: Price, seconds: number): Usage {
  const byTime = outputMicros === 0;
  return {
    inputTokens: seconds * (byTime ? 1 : HEARD_A_SECOND),
    cachedTokens: 0,
    outputTokens: byTime ? 0 : seconds * WRITTEN_A_SECOND,
  };
}

function counted(
  { price, file }: Listening,
  heard: Transcript | null,
  error: RunEnd['error'],
): Pick<RunEnd, 'usage' | 'estimated' | 'costMicros'> {
  // A recording that isn't taken was turned down, too.
  if (error && (error.kind === 'refused' || isTurnedDown(error.kind))) {
    const usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
    return { usage, estimated: true, costMicros: price && 0 };
  }
  const reckoned = price && usageFor(price, Math.ceil(file.bytes / USUAL_BYTES_A_SECOND));
  const usage =
    heard?.usage ??
    (reckoned && heard ? { ...reckoned, outputTokens: price.outputMicros === 0 ? 0 : estimateTokens(heard.text) } : reckoned);
  return { usage, estimated: !heard?.usage, costMicros: price && usage ? costOf(price, usage) : null };
}

/** Tried again where it may pass; else it is said why it wasn't heard. Throws TryLater, or what broke. */
async function notHeard(
  ws: Workspace,
  job: Job,
  { open, model, attachmentId, conversation }: Listening,
  { error, run, figures }: { error: unknown; run: OpenRun; figures: Omit<RunEnd, 'state' | 'why'> },
): Promise<void> {
  const close = (): void => closeRun(ws, run, { ...figures, state: 'failed', why: figures.error?.kind ?? 'stopped' });
  if (!(error instanceof ProviderError)) {
    ws.durable(close);
    throw error;
  }
  if (error.kind === 'no-model') open.access.onRefusedField(lackOf('transcription', model));
  else if (open.keyId !== null && error.kind !== 'refused') noteFailure(ws, open.keyId, error);
  if (mayPass(error.kind) && job.attempts + 1 < TRIES) {
    ws.durable(close);
    throw new TryLater(error.retryAfter ?? 700 * (job.attempts + 1), error.kind);
  }
  await finishWithRun(ws, job, { conversationId: conversation.id, run, figures }, () => {
    close();
    settle(ws, attachmentId, { says: `It wasn’t written down. ${error.says}` });
  });
}
