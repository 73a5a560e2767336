import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { manners, ModelService, type Manner } from './model.service';

export class MannerBody {
  @IsIn(manners)
  manner: Manner;
}

/** How tests make the model behave, and see what it was told. */
@Controller('api/model')
export class ModelSwitchesController {
  constructor(private readonly model: ModelService) {}

  @Get()
  get() {
    return { status: 'success', data: { manner: this.model.manner, asked: this.model.asked } };
  }

  @Put()
  set(@Body() { manner }: MannerBody) {
    this.model.manner = manner;
    return this.get();
  }

  @Delete('asked')
  @HttpCode(204)
  forget(): void {
    this.model.forget();
  }
}
