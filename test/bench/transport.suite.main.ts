import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { Answers, PlatformModule, runService } from '@suite/platform';
import { echo, type Echo } from './transport.echo';

@Controller()
class EchoController {
  @Answers(echo)
  echo({ text }: Echo): Echo {
    return { text };
  }
}

@Module({ imports: [PlatformModule.forService('stock')], controllers: [EchoController] })
class EchoModule {}

void runService({ service: 'stock', module: EchoModule });
