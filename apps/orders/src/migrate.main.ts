import 'reflect-metadata';
import { migrate } from '@suite/platform';
import { database } from './database';

void migrate(database);
