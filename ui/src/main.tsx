import { render } from 'preact';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './app.tsx';
import { connect } from './state/live.ts';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
render(<App />, root);
connect();
