// Search alone: 100 requests a second, whatever happens, by many people who have not signed in.
import http from 'k6/http';
import { Rate } from 'k6/metrics';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { textSummary } from './lib/text.js';
import { summary } from './lib/load.js';

const BASE = __ENV.BASE_URL || 'http://localhost:8080';
const RATE = Number(__ENV.RATE || 100);
// A list of texts: plots, names, slips, people, conditions. Of a long one hardly any answer was given before.
const queries = new SharedArray('queries', () => JSON.parse(open(__ENV.QUERIES)));

const rateLimited = new Rate('rate_limited');
const unexpected = new Rate('unexpected');

export const options = {
  scenarios: {
    search: {
      executor: 'constant-arrival-rate', rate: RATE, timeUnit: '1s', duration: __ENV.DURATION || '60s',
      preAllocatedVUs: 60, maxVUs: 200,
    },
  },
  thresholds: {
    rate_limited: ['rate<0.01'],
    unexpected: ['rate<0.001'],
    dropped_iterations: ['count<1'],
    'http_req_duration{endpoint:search}': ['p(95)<25', 'p(99)<50'],
    'http_req_duration{endpoint:search_facets}': ['p(95)<25', 'p(99)<50'],
    'http_req_duration{endpoint:autocomplete}': ['p(99)<15'],
    'http_reqs{endpoint:search}': ['count>=0'],
    'http_reqs{endpoint:search_facets}': ['count>=0'],
    'http_reqs{endpoint:autocomplete}': ['count>=0'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
  discardResponseBodies: true,
};

export default function () {
  const number = exec.scenario.iterationInTest;
  const query = queries[number % queries.length];
  // 4,000 addresses in turn, as in `perf.load`: each is a principal with a limit of its own.
  const headers = { 'X-Forwarded-For': `10.0.${(number >> 8) & 15}.${number & 255}`, Accept: 'application/json' };
  const chance = Math.random();
  if (chance < 0.3) {
    const typed = query.slice(0, 2 + Math.floor(Math.random() * 10));
    ask('GET', `/api/v1/search/autocomplete?q=${encodeURIComponent(typed)}`, 'autocomplete', headers);
  } else if (chance < 0.5) {
    headers['Content-Type'] = 'application/json';
    const body = JSON.stringify({ query, filters: chance < 0.4 ? { year_from: 1990 } : {}, facets: true });
    ask('POST', '/api/v1/search', 'search_facets', headers, body);
  } else {
    ask('GET', `/api/v1/search?q=${encodeURIComponent(query)}`, 'search', headers);
  }
}

function ask(method, path, endpoint, headers, body = null) {
  const response = http.request(method, `${BASE}${path}`, body, { headers, tags: { endpoint, name: endpoint } });
  rateLimited.add(response.status === 429);
  unexpected.add(response.status !== 200 && response.status !== 429);
}

export const handleSummary = (data) => summary(data, textSummary(data));
