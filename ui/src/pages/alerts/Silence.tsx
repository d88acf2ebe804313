import { useState } from 'preact/hooks';
import { Popover } from '../../components/Popover.tsx';
import { api } from '../../state/api.ts';
import { toFailure } from '../../state/resource.ts';

const LENGTHS = [
  [30, '30 min'],
  [120, '2 hours'],
  [480, '8 hours'],
  [1_440, '1 day'],
  [10_080, '7 days'],
] as const;

const Form = (props: {
  readonly rule: string;
  readonly alert: string;
  readonly close: () => void;
  readonly onDone: () => void;
}) => {
  const [minutes, setMinutes] = useState(120);
  const [whole, setWhole] = useState(false);
  const [comment, setComment] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const send = async () => {
    try {
      await api.silence({
        rule: props.rule,
        minutes,
        ...(whole ? {} : { alert: props.alert }),
        ...(comment.trim() ? { comment: comment.trim() } : {}),
      });
      props.close();
      props.onDone();
    } catch (error) {
      setProblem(toFailure(error).message);
    }
  };
  return (
    <form
      class="silence"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label for="silence-for">for</label>
      <select
        id="silence-for"
        class="field"
        value={String(minutes)}
        onChange={(event) => setMinutes(Number(event.currentTarget.value))}
      >
        {LENGTHS.map(([length, label]) => (
          <option key={length} value={String(length)}>
            {label}
          </option>
        ))}
      </select>
      <label for="silence-what">what</label>
      <select
        id="silence-what"
        class="field"
        value={whole ? 'rule' : 'alert'}
        onChange={(event) => setWhole(event.currentTarget.value === 'rule')}
      >
        <option value="alert">this alert</option>
        <option value="rule">the whole rule</option>
      </select>
      <label for="silence-why">why</label>
      <input
        id="silence-why"
        class="field"
        maxLength={500}
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      {problem ? (
        <span class="alerts__error" role="alert">
          {problem}
        </span>
      ) : null}
      <button type="submit" class="btn">
        Silence
      </button>
    </form>
  );
};

/** Keeps an alert, or its whole rule, from telling anybody for a while. */
export const Silence = ({
  rule,
  alert,
  onDone,
}: {
  readonly rule: string;
  readonly alert: string;
  readonly onDone: () => void;
}) => (
  <Popover title={`Silence ${rule}`} label="Silence…" align="right">
    {(close) => <Form rule={rule} alert={alert} close={close} onDone={onDone} />}
  </Popover>
);
