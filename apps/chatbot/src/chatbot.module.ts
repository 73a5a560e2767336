import { Module } from '@nestjs/common';
import { PlatformModule, provideSettings } from '@suite/platform';
import { AssistantService } from './assistant.service';
import { AuthEventsController } from './auth-events.controller';
import { BudgetsService } from './budgets.service';
import { ChatbotConfig } from './chatbot.config';
import { ChatbotController } from './chatbot.controller';
import { ConversationsService } from './conversations.service';
import { ModelService } from './model.service';
import { POLICIES, readPolicies } from './policies';
import { RepliesService } from './replies.service';
import { RulesService } from './rules.service';
import { ShopService } from './shop.service';
import { ToolsService } from './tools.service';

/** It has no database: what it remembers is short, and may be lost. */
@Module({
  imports: [PlatformModule.forService('chatbot')],
  controllers: [ChatbotController, AuthEventsController],
  providers: [
    provideSettings(ChatbotConfig),
    {
      provide: POLICIES,
      useFactory: ({ CHATBOT_POLICIES_FILE }: ChatbotConfig) => readPolicies(CHATBOT_POLICIES_FILE),
      inject: [ChatbotConfig],
    },
    ShopService,
    ToolsService,
    ModelService,
    AssistantService,
    RulesService,
    ConversationsService,
    BudgetsService,
    RepliesService,
  ],
})
export class ChatbotModule {}
