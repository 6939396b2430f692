/** Café Aurora with its knowledge at work, and a stand-in of OpenAI that tells meanings. */
import assert from 'node:assert/strict';
import { addText, clearVectors, embedChunks } from '../../src/knowledge/index.ts';
import { chooseModel } from '../../src/knowledge/vectors/choose-model.ts';
import { EXAMPLES } from '../../src/knowledge/vectors/examples.ts';
import { forgetQuestions } from '../../src/knowledge/vectors/question-vector.ts';
import { addKey } from '../../src/providers/index.ts';
import type { Workspace } from '../../src/workspace.ts';
import type { AiSimulator } from '../simulators/http-ai.ts';
import { openaiSimulator } from '../simulators/openai.ts';
import { TestClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { cafeAurora, testInstallation, type TestInstallation } from '../support/installation.ts';
import { KINDS, settled } from './desk.ts';

export const SMALL = 'text-embedding-3-small';
export const LARGE = 'text-embedding-3-large';
const EXAMPLE_TEXTS = new Set(EXAMPLES.flatMap(({ question, fits, beside }) => [question, fits, beside]));
const MEANING_KINDS = { ...KINDS, 'embed-chunks': embedChunks, 'clear-vectors': clearVectors };

export interface MeaningDesk extends TestInstallation {
  ws: Workspace;
  ai: AiSimulator;
  keyId: number;
  clock: TestClock;
  /** Adds a text and waits until it is read. Not until it has its vectors. */
  know(title: string, text: string): Promise<number>;
  /** Agrees to a model and waits until it serves. */
  agree(model?: string): Promise<void>;
  /** Lets the time for gathering pass, and waits until no vectors are to be made or cleared. */
  embedded(): Promise<void>;
  /** Texts of passages that were sent, in their order, without the examples. */
  sent(): string[];
  /** Kills the process between two transactions and starts it anew. */
  killed(): Promise<void>;
}

export async function openMeaningDesk(): Promise<MeaningDesk> {
  const clock = new TestClock();
  const test = await testInstallation({ clock });
  const id = cafeAurora(test.installation);
  let held = test.installation.workspaces.hold(id);
  const ai = await openaiSimulator({ models: ['gpt-6-luna', SMALL, LARGE] });
  const added = await addKey(held.workspace, { provider: 'openai', name: '', key: ai.key ?? '', baseUrl: ai.url }, 'system');
  assert.ok(added.ok, JSON.stringify(added));
  const { keyId } = added;
  await test.installation.jobs.start(MEANING_KINDS);
  const desk: MeaningDesk = {
    ...test,
    ai,
    keyId,
    clock,
    get installation() {
      return test.installation;
    },
    get ws() {
      return held.workspace;
    },
    async know(title, text) {
      const source = addText(desk.ws, { title, text, by: null });
      assert.equal((await settled(desk.ws, source)).state, 'ready');
      return source;
    },
    async agree(model = SMALL) {
      chooseModel(desk.ws, { keyId, model, by: 1 });
      await desk.embedded();
      assert.equal(servingModel(desk.ws), model);
    },
    embedded: () =>
      eventually(() => {
        clock.move(2000);
        desk.installation.jobs.tick();
        assert.deepEqual(desk.ws.sql.prepare("SELECT kind, says FROM jobs WHERE kind IN ('embed-chunks', 'clear-vectors')").all(), []);
      }),
    sent: () => ai.embedded.flatMap(({ input }) => input as string[]).filter((text) => !EXAMPLE_TEXTS.has(text)),
    async killed() {
      held.release();
      await test.reopen();
      held = test.installation.workspaces.hold(id);
      await test.installation.jobs.start(MEANING_KINDS);
    },
    async end() {
      await test.installation.jobs.stop(0);
      held.release();
      forgetQuestions();
      await test.end();
      await ai.close();
    },
  };
  return desk;
}

/** The model that serves; undefined when none does. */
export function servingModel(ws: Workspace): string | undefined {
  return ws.sql.prepare("SELECT model FROM embedding_models WHERE state = 'serving'").pluck().get() as string | undefined;
}

/** How many vectors there are. */
export function vectorsIn(ws: Workspace): number {
  return Number(ws.sql.prepare('SELECT count(*) FROM embeddings').pluck().get());
}
