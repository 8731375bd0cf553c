// The run's condition in words: each line says one thing, with its level ok | watch | bad | none. Only from what was
// recorded; what was not says so.
import { count, duration, fixed, known, percent } from './format.js';
import { t } from './words.svelte.js';

const staleUpdateS = 120;

export function healthOf(state, evaluation, events, now) {
  const get = (name) => state.latest[name]?.[2] ?? null;
  const age = (ms) => duration(Math.max(0, (now - ms) / 1000));
  const lines = [];
  const say = (key, level, title, text) => lines.push({ key, level, title, text });

  if (state.trouble) say('database', 'bad', 'Database', state.trouble);
  const updated = state.latest['progress/update']?.[1];
  const status = state.run.status;
  if (status === 'running') {
    const silent = known(updated) ? (now - updated) / 1000 : null;
    if (silent === null) say('training', 'watch', 'Training', t('has started; no update yet'));
    else if (silent > staleUpdateS) say('training', 'bad', 'Training', `${t('no update for')} ${duration(silent)}`);
    else say('training', 'ok', 'Training', `${count(get('time/steps_per_second'))} ${t('plies per second')}, ${t('last update')} ${age(updated)} ${t('ago')}`);
  } else {
    const level = status === 'finished' ? 'ok' : status === 'interrupted' ? 'watch' : status === 'failed' ? 'bad' : 'none';
    say('training', level, 'Training', `${t(status)}${known(state.run.finished_ms) ? `, ${age(state.run.finished_ms)} ${t('ago')}` : ''}`);
  }

  if (evaluation) {
    const faults = evaluation.faults > 0 ? `, ${evaluation.faults} ${t('faults')}` : '';
    say('evaluation', evaluation.faults > 0 ? 'watch' : 'ok', 'Evaluation',
      `${percent(evaluation.score)} ${t('against')} ${evaluation.opponent}, ${age(evaluation.time_ms)} ${t('ago')}${faults}`);
  } else if (get('evaluation/enabled') === 0) {
    say('evaluation', 'none', 'Evaluation', t('is switched off'));
  } else {
    say('evaluation', 'none', 'Evaluation', t('none has ended yet'));
  }

  const impact = get('governor/impact_percent') ?? get('evaluation/performance/training_impact_percent');
  const high = get('governor/impact_high_percent');
  // An estimate alone is no verdict: until the experiment has settled, the clause is neither met nor violated.
  const verdict = get('evaluation/sla/violations/training_impact');
  const bound = get('evaluation/sla/limits/training_impact');
  const limit = bound === null ? '' : `, ${t('limit')} ${fixed(bound, 1, ' %')}`;
  if (impact !== null && verdict !== null) {
    say('impact', verdict > 0 ? 'bad' : 'ok', 'Cost of evaluation',
      `${t(verdict > 0 ? 'violated' : 'met')}: ${fixed(impact, 2, ' %')} ${t('of the training rate')}${known(high) ? `, ${t('at most')} ${fixed(high, 2, ' %')}` : ''}${limit}`);
  } else if (impact !== null) {
    const low = get('governor/impact_low_percent');
    say('impact', 'none', 'Cost of evaluation',
      `${t('not measured')}: ${t('between')} ${fixed(low, 1)} ${t('and')} ${fixed(high, 1, ' %')} ${t('so far')}${limit}`);
  } else if (evaluation) {
    say('impact', 'none', 'Cost of evaluation', t('not measured yet: pairs of windows are still missing'));
  }

  const broken = get('evaluation/sla/violation_count');
  if (broken !== null) {
    say('sla', broken > 0 ? 'watch' : 'ok', 'Safeguards',
      broken > 0 ? `${count(broken)} ${t(broken === 1 ? 'clause violated by the last evaluation' : 'clauses violated by the last evaluation')}` : t('every clause that was measured is met'));
  }
  if (get('governor/gate_shut') === 1) say('gate', 'watch', 'Gate', t('shut: evaluation waits'));
  if (get('evaluation/breaker_open') === 1) say('breaker', 'bad', 'Breaker', t('open: evaluation has failed repeatedly'));

  const alerts = events.filter((event) => ['warning', 'error'].includes(event.event?.level ?? '') || ['warning', 'error'].includes(event.kind));
  const errors = alerts.filter((event) => event.kind === 'error' || event.event?.level === 'error');
  if (alerts.length > 0) {
    say('alerts', errors.length > 0 ? 'bad' : 'watch', 'Alerts', `${alerts.length}, ${t('the newest')}: ${alerts.at(-1).event?.texts?.text ?? alerts.at(-1).kind}`);
  }
  const checkpoints = state.run.checkpoints;
  say('checkpoint', checkpoints > 0 ? 'ok' : 'none', 'Checkpoints',
    checkpoints > 0 ? `${checkpoints}, ${t('the newest at step')} ${count(state.run.checkpoint_step)}` : t('none yet'));
  return lines;
}
