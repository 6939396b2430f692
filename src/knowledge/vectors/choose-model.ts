import { keyById } from '../../providers/index.ts';
import { cancelJob, enqueue } from '../../jobs/enqueue.ts';
import { audit } from '../../web/audit.ts';
import type { Workspace } from '../../workspace.ts';
import { askEmbedding } from './ask-embedding.ts';
import { tellVectors } from './models.ts';

export interface Choice {
  keyId: number;
  model: string;
  /** Who agreed to what it costs. */
  by: number;
}

/** The key is gone, or opens no such model. */
export class NoSuchModel extends Error {}

/**
 * Agrees to a model: from here on it reads what there is and what comes. One that serves goes on until the new one has read
 * everything. The same model by another key keeps what it has read. Throws NoSuchModel.
 */
export function chooseModel(ws: Workspace, { keyId, model, by }: Choice): void {
  const key = keyById(ws, keyId);
  if (!key?.embeddingModels.some(({ id }) => id === model)) throw new NoSuchModel(model);
  ws.durable(() => {
    const same = ws
      .prepare("SELECT id FROM embedding_models WHERE state = 'serving' AND provider = ? AND host = ? AND model = ?")
      .pluck()
      .get(key.provider, key.host, model);
    ws.prepare("UPDATE embedding_models SET state = 'retired' WHERE state = 'filling'").run();
    if (same === undefined)
      ws.prepare(
        `INSERT INTO embedding_models (provider_key_id, provider, host, model, state, agreed_by, agreed_at)
         VALUES (?, ?, ?, ?, 'filling', ?, ?)`,
      ).run(keyId, key.provider, key.host, model, by, ws.clock.now());
    else ws.prepare('UPDATE embedding_models SET provider_key_id = ?, says = NULL WHERE id = ?').run(keyId, same);
    audit(ws, { actor: by, action: 'meaning.chosen', subject: `provider key ${keyId}`, detail: { model, host: key.host } });
    settle(ws);
  });
}

/** Takes back a model that has not begun to serve. One that serves goes on. */
export function takeBackModel(ws: Workspace, by: number): void {
  retire(ws, "state = 'filling'", by);
}

/** No search by meaning any more. */
export function endMeaning(ws: Workspace, by: number): void {
  retire(ws, "state <> 'retired'", by);
}

/** Goes on at once with what a failure stopped. */
export function goOn(ws: Workspace): void {
  ws.durable(() => askEmbedding(ws, { soon: true }));
}

function retire(ws: Workspace, which: string, by: number): void {
  ws.durable(() => {
    const { changes } = ws.prepare(`UPDATE embedding_models SET state = 'retired', says = NULL WHERE ${which}`).run();
    if (changes === 0) return;
    audit(ws, { actor: by, action: 'meaning.ended' });
    settle(ws);
  });
}

/** What is live is filled, what isn't any more is cleared. */
function settle(ws: Workspace): void {
  enqueue(ws, { kind: 'clear-vectors', key: 'all' });
  cancelJob(ws, 'embed-chunks', 'all');
  askEmbedding(ws, { soon: true });
  tellVectors(ws);
}
