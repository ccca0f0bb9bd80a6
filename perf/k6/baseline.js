// Everyday: 10,000 people, 1,000 requests a second, for half an hour.
import { textSummary } from './lib/text.js';
import { options as of, summary } from './lib/load.js';

export { auth, playback, recommendations, search, sync } from './lib/mix.js';

export const options = of({
  rps: 1000, users: 10000, length: '30m', steps: [[0.1, 1], [0.9, 1]],
});

export const handleSummary = (data) => summary(data, textSummary(data));
