import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { accessToken, notifications } from '@suite/contracts';
import { MongoModule, PlatformModule, provideSettings, QueueModule } from '@suite/platform';
import { AccountService } from './account.service';
import { AdminMailsService } from './admin-mails.service';
import { AttemptsService } from './attempts.service';
import { AuthConfig } from './auth.config';
import { AuthController } from './auth.controller';
import { database } from './database';
import { ErasingService } from './erasing.service';
import { FirstUsersService } from './first-users.service';
import { GuessesService } from './guesses.service';
import { LoginService } from './login.service';
import { OneTimeTokensService } from './one-time-tokens.service';
import { PasswordsService } from './passwords.service';
import { RecoveryService } from './recovery.service';
import { RegistrationService } from './registration.service';
import { RevocationsService } from './revocations.service';
import { SessionsService } from './sessions.service';
import { StockEventsController } from './stock-events.controller';
import { TokenIssuerService } from './token-issuer.service';
import { TokenMailsService } from './token-mails.service';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';
import { VerificationService } from './verification.service';
import { WelcomeService } from './welcome.service';

@Module({
  imports: [
    PlatformModule.forService('auth'),
    MongoModule.forService(database),
    QueueModule,
    BullModule.registerQueue({ name: notifications.sendMail.queue }),
    JwtModule.registerAsync({
      extraProviders: [provideSettings(AuthConfig)],
      inject: [AuthConfig],
      useFactory: ({ JWT_SECRET, accessLifeMs }: AuthConfig) => ({
        secret: JWT_SECRET,
        signOptions: {
          algorithm: accessToken.algorithm,
          issuer: accessToken.issuer,
          audience: accessToken.audience,
          expiresIn: accessLifeMs / 1_000,
        },
      }),
    }),
  ],
  controllers: [AuthController, UsersController, StockEventsController],
  providers: [
    provideSettings(AuthConfig),
    AccountService,
    AdminMailsService,
    AttemptsService,
    ErasingService,
    FirstUsersService,
    GuessesService,
    LoginService,
    OneTimeTokensService,
    PasswordsService,
    RecoveryService,
    RegistrationService,
    RevocationsService,
    SessionsService,
    TokenIssuerService,
    TokenMailsService,
    UsersService,
    VerificationService,
    WelcomeService,
  ],
})
export class AuthModule {}
