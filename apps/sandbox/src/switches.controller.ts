import { Body, Controller, Get, Put } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, Max, Min } from 'class-validator';
import { SwitchesService, type Switches } from './switches.service';

export class SwitchesBody implements Partial<Switches> {
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

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600_000)
  payDelayMs?: number;

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  payFail?: number;

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  payDropAnswers?: number;

  @IsOptional()
  @IsBoolean()
  payVerifyDown?: boolean;

  @IsOptional()
  @IsBoolean()
  payDoubleCapture?: boolean;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  webhookCopies?: number;

  @IsOptional()
  @IsBoolean()
  webhookShuffle?: boolean;

  @IsOptional()
  @IsBoolean()
  webhookHold?: boolean;

  @IsOptional()
  @IsInt()
  @Min(0)
  seed?: number;
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
