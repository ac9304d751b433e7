// What only the server of `make dev` offers: it marks the page, and passes nights on request.
import { run, settle } from './api';
import { WriteDayDocument } from './generated/graphql';

export const isDevelopment = document.querySelector('meta[name=unilife-development]') !== null;

/** Write the diary of the given day now, which is not over, and run the nightly jobs that are due. Raises `Refusal`. */
export async function passNight(date: string): Promise<void> {
  settle((await run(WriteDayDocument, { input: { date } })).diaryRewrite);
  await fetch('/development/night', { method: 'POST' });
}
