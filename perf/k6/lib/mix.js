// What people do, one request an iteration, and the time they take to look at the answer.
import { sleep } from 'k6';
import { login, refresh, send } from './api.js';
import { anyPlayable, anyQuery, anyTitle, halfTyped, oneOf, self } from './people.js';

// Mean seconds between two requests of one person; 10,000 people who look for 8 s each make up to 1,250 requests a second.
const THINK_S = Number(__ENV.THINK_S || 8);

function think() {
  sleep(THINK_S * (0.5 + Math.random()));
}

export function search() {
  const chance = Math.random();
  const part = 'search';
  if (chance < 0.6) {
    send('GET', `/api/v1/search?q=${encodeURIComponent(anyQuery())}`, { part, endpoint: 'search_get' });
  } else if (chance < 0.8) {
    const body = { query: anyQuery(), filters: oneOf(FILTERS), facets: true };
    send('POST', '/api/v1/search', { part, endpoint: 'search_post', body });
  } else {
    const address = `/api/v1/search/autocomplete?q=${encodeURIComponent(halfTyped())}`;
    send('GET', address, { part, endpoint: 'autocomplete' });
  }
  think();
}

const FILTERS = [{}, { kind: ['movie'] }, { kind: ['series'] }, { genres: ['comedy'] }, { year_from: 2000 }];

export function recommendations() {
  const body = {
    limit: 20,
    context: { mood: oneOf(MOODS), device: oneOf(DEVICES), minutes: oneOf([30, 60, 120, 180]) },
  };
  send('POST', '/api/v1/sona/recommendations', { part: 'recommendations', endpoint: 'recommendations', body });
  think();
}

const MOODS = ['relaxed', 'happy', 'curious', 'romantic'];
const DEVICES = ['tv', 'phone', 'web'];

// Press play, watch for a while, stop: a person's requests in the order in which they come.
export function playback() {
  const me = self();
  const part = 'playback';
  if (me.session === null) {
    const chance = Math.random();
    if (chance < 0.2) {
      send('GET', '/api/v1/playback/continue-watching', { part, endpoint: 'playback_continue' });
    } else if (chance < 0.4) {
      const body = { content_id: anyPlayable(), device: oneOf(['ios', 'android', 'web']) };
      send('POST', '/api/v1/playback/deep-link', { part, endpoint: 'playback_deep_link', body });
    } else {
      const body = { content_id: anyTitle(), duration_s: 7200 };
      const started = send('POST', '/api/v1/playback/sessions', { part, endpoint: 'playback_start', body, keep: true });
      if (started.status === 201) {
        me.session = started.json('session.id');
        me.counter = 0;
      }
    }
  } else if (me.counter < 8) {
    me.counter += 1;
    const address = `/api/v1/playback/sessions/${me.session}`;
    if (me.counter % 2) {
      const body = { position_s: me.counter * 60, state: 'playing', observed_at: new Date().toISOString() };
      send('PATCH', `${address}/position`, { part, endpoint: 'playback_position', body });
    } else {
      send('POST', `${address}/heartbeat`, { part, endpoint: 'playback_heartbeat', body: {} });
    }
  } else {
    send('DELETE', `/api/v1/playback/sessions/${me.session}`, { part, endpoint: 'playback_end' });
    me.session = null;
  }
  think();
}

export function auth() {
  const chance = Math.random();
  if (chance < 0.55) {
    refresh('auth_refresh');
  } else if (chance < 0.9) {
    send('GET', '/api/v1/auth/sessions', { part: 'auth', endpoint: 'auth_sessions' });
  } else {
    login('auth_login');
  }
  think();
}

export function sync() {
  const part = 'sync';
  if (Math.random() < 0.7) {
    const body = { version: {}, operations: [] };
    send('POST', '/api/v1/sync/delta', { part, endpoint: 'sync_delta', body });
  } else {
    // Only what was put on the list can be taken off it.
    const me = self();
    const body = me.listed ? { operation: 'remove', content_id: me.listed } : { operation: 'add', content_id: anyTitle() };
    const answer = send('POST', '/api/v1/sync/watchlist', { part, endpoint: 'sync_watchlist', body });
    if (answer.status >= 200 && answer.status < 300) {
      me.listed = me.listed ? null : body.content_id;
    }
  }
  think();
}
