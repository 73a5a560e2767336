import { OmitType } from '@nestjs/swagger';
import {
  ChangePassword,
  EraseAccount,
  ForgotPassword,
  IsText,
  Login,
  Register,
  ResetPassword,
  UpdateProfile,
  UpdateUser,
  VerifyEmail,
} from '@suite/contracts';

export class RegisterBody extends Register {}

export class LoginBody extends OmitType(Login, ['device']) {}

export class RefreshBody {
  @IsText(1, 500, { optional: true, description: 'Absent: the cookie `refresh_token` is used' })
  refreshToken?: string;
}

export class UpdateProfileBody extends UpdateProfile {}

export class ChangePasswordBody extends ChangePassword {}

export class ForgotPasswordBody extends ForgotPassword {}

export class ResetPasswordBody extends ResetPassword {}

export class VerifyEmailBody extends VerifyEmail {}

export class EraseAccountBody extends EraseAccount {}

export class UpdateUserBody extends OmitType(UpdateUser, ['id']) {}
