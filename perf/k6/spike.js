// Everybody at once: ten times the everyday load within seconds, 100,000 people, and back. What counts is that nothing
// breaks and that afterwards all is as before.
import { textSummary } from './lib/text.js';
import { options as of, summary } from './lib/load.js';

export { auth, playback, recommendations, search, sync } from './lib/mix.js';

export const options = of({
  rps: 10000, users: 100000, length: '10m',
  steps: [[0.2, 0.1], [0.02, 1], [0.2, 1], [0.02, 0.1], [0.56, 0.1]],
});

export const handleSummary = (data) => summary(data, textSummary(data));
