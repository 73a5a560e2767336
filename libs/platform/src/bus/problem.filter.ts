import { Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { problemOf } from '../problems';

/** Keeps Nest from turning what a message handler threw into "Internal server error" before the transport sees it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => problemOf(error));
  }
}
