// Imported before anything that makes a schema: zod looks at its making whether it may write code at run time,
// and the Content-Security-Policy forbids that and would report the attempt.

import { z } from 'zod';

z.config({ jitless: true });
