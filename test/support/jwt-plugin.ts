import { join } from 'node:path';
import { type BuiltPlugin, compilePlugin } from './compile-plugin.ts';

export type { BuiltPlugin } from './compile-plugin.ts';

const source = join(import.meta.dirname, 'jwt-plugin', 'mosquitto_jwt_auth.c');

/** Compiles the stand-in for the JWT plugin. Needs gcc, mosquitto-dev and libssl-dev. */
export const buildJwtPlugin = (): Promise<BuiltPlugin> => compilePlugin(source, ['-lcrypto']);
