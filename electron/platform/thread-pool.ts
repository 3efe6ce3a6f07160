// Keys, signatures and password hashes are made on libuv's thread pool, four threads wide by default however many cores
// there are. It takes its size at its first job, so a program imports this file before anything else.

import { availableParallelism } from 'node:os';

process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));
