import 'reflect-metadata';
import { runService } from '@suite/platform';
import { ChatbotModule } from './chatbot.module';

void runService({ service: 'chatbot', module: ChatbotModule });
