import { describeStore } from '../../test/store-contract.ts';
import { MemoryStore } from './index.ts';

describeStore('the reference store', { open: (options) => new MemoryStore(options) });
