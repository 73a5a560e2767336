import { Body, Controller, Get, Put } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { SwitchesService, type Switches } from './switches.service';

export class SwitchesBody {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600_000)
  smtpDelayMs?: number;

  @IsOptional()
  @IsIn(['temporary', 'permanent'])
  smtpRefuse?: Switches['smtpRefuse'];

  @IsOptional()
  @IsString()
  smtpRefuseTo?: string;
}

/** How tests make the outside world fail. `PUT {}` makes it well again. */
@Controller('api/switches')
export class SwitchesController {
  constructor(private readonly switches: SwitchesService) {}

  @Get()
  get() {
    return { status: 'success', data: this.switches.get() };
  }

  @Put()
  set(@Body() body: SwitchesBody) {
    return { status: 'success', data: this.switches.set(body) };
  }
}
