/**
 * `npm run bench -- NAME [--json] [--seconds N]`: measures, and prints each figure beside what it was compared with.
 * `first-token` takes `--masking`; `retrieval` wants `--data DIR`, and its figures are of another shape.
 */
import { parseArgs } from 'node:util';
import { print, type Report } from './report.ts';

const benches: Record<string, () => Promise<(seconds: number) => Promise<Report>>> = {
  ack: async () => (await import('./ack.ts')).ack,
  'first-token': async () => {
    const { firstToken } = await import('./first-token.ts');
    return (seconds) => firstToken(seconds, { masking: values.masking });
  },
  answers: async () => (await import('./answers.ts')).answers,
  boot: async () => (await import('./boot.ts')).boot,
  idle: async () => (await import('./idle.ts')).idle,
  widget: async () => (await import('./widget.ts')).widget,
  handoff: async () => (await import('./handoff.ts')).handoff,
  grounded: async () => (await import('./grounded.ts')).grounded,
  search: async () => (await import('./search.ts')).search,
  inbox: async () => (await import('./inbox.ts')).inbox,
  insights: async () => (await import('./insights.ts')).insights,
  linked: async () => (await import('./linked.ts')).linked,
  import: async () => (await import('./import.ts')).importing,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    data: { type: 'string' },
    masking: { type: 'boolean', default: false },
  },
});
const [name = ''] = positionals;
const load = benches[name];
if (name === 'retrieval' && values.data !== undefined) {
  const { printRetrieval, retrieval } = await import('./retrieval.ts');
  printRetrieval(await retrieval(values.data), values.json);
  process.exit(0);
} else if (name === 'retrieval') {
  process.stderr.write('Which data? --data DIR, a folder with xquad.LANG.json.\n');
  process.exitCode = 1;
} else if (load) {
  const bench = await load();
  print(await bench(Number(values.seconds)), values.json);
  process.exit(0);
} else {
  process.stderr.write(
    `${name === '' ? 'Which one?' : `There is no bench called ${name}.`} There are: ${[...Object.keys(benches), 'retrieval'].join(', ')}.\n`,
  );
  process.exitCode = 1;
}
