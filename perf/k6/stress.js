// How far it goes: up to 3,500 requests a second by 20,000 people, in steps, each held; the knee is where latency leaves the line.
// The thresholds are for looking at here: past the knee they break, which is what the run is for.
import { textSummary } from './lib/text.js';
import { options as of, summary } from './lib/load.js';

export { auth, playback, recommendations, search, sync } from './lib/mix.js';

export const options = of({
  rps: 3500, users: 20000, length: '30m',
  steps: [
    [0.04, 0.1], [0.1, 0.1], [0.03, 0.25], [0.1, 0.25], [0.03, 0.4], [0.1, 0.4], [0.03, 0.55], [0.1, 0.55],
    [0.03, 0.7], [0.1, 0.7], [0.03, 0.85], [0.1, 0.85], [0.03, 1], [0.15, 1], [0.03, 0.1],
  ],
});

export const handleSummary = (data) => summary(data, textSummary(data));
