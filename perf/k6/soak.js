// A day of everyday load: what leaks shows in the second half.
import { textSummary } from './lib/text.js';
import { options as of, summary } from './lib/load.js';

export { auth, playback, recommendations, search, sync } from './lib/mix.js';

export const options = of({
  rps: 1000, users: 10000, length: '24h', steps: [[0.02, 1], [0.98, 1]],
});

export const handleSummary = (data) => summary(data, textSummary(data));
