import 'reflect-metadata';
import { runWorker } from '@suite/platform';
import { ProcessorModule } from './processor.module';

void runWorker({ service: 'processor', module: ProcessorModule });
