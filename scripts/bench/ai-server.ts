/** The stand-in of an AI provider, in a process of its own: 20 ms to the first token, then 40 tokens 2 ms apart. */
import { openaiSimulator } from '../../test/simulators/openai.ts';

const TOKENS = 40;
const ai = await openaiSimulator({ firstTokenMs: 20, tokenMs: 2, record: false });
ai.says = Array.from({ length: TOKENS }, (_, n) => `word${n}`).join(' ');
process.send?.({ url: ai.url, key: ai.key });
process.on('SIGTERM', () => process.exit(0));
