import { ReadingThreads } from './reading-threads.ts';

/** One for the whole process: what is uploaded and what is fetched wait for the same threads. */
export const threads = new ReadingThreads();

/** For what somebody waits for in front of a page: it doesn't queue behind a book. */
export const promptThreads = new ReadingThreads({ timeMs: 20_000, nice: 0 });

/** For what a customer sent: little time for each, and nothing of the business waits behind it. */
export const customerThreads = new ReadingThreads({ timeMs: 10_000, nice: 10, memoryMb: 256 });

/** Ends the reading threads that wait for work, at the end of the process. */
export async function closeReading(): Promise<void> {
  await Promise.all([threads.close(), promptThreads.close(), customerThreads.close()]);
}
